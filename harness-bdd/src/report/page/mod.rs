//! A run as one HTML page that needs nothing else: [`page`].
//!
//! `docs/page.md` says what it shows. What the browser is given stands in `assets/`: a body, styles, and
//! scripts, which [`Page`](harness_core::page::Page) puts together with the data.

mod render;

pub use self::render::page;
