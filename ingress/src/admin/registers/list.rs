//! `GET /registers`
