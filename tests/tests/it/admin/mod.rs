//! The admin pages from outside, as somebody who means ill meets them. Which routes there are is asked of the
//! table that the router is made of.

mod abilities;
mod deliveries;
mod doors;
mod forgery;
mod forms;
mod headers;
mod links;
mod markup;
mod merchants;
mod registers;
mod second_step;
mod secrets;
mod sessions;
mod sign_in;
mod world;
