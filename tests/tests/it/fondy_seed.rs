//! Fondy's own document on programmatic registers, scene by scene.

mod receipts;
