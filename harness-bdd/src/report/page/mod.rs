//! A run as one HTML page that needs nothing else: [`page`].
//!
//! `docs/page.md` says what it shows. What the browser is given stands in `assets/`: a frame, styles,
//! and scripts, which are put together here with the data.

mod embed;
mod render;

pub use self::render::page;
