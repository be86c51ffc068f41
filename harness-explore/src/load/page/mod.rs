//! A load as one HTML page that needs nothing else: [`page`].
//!
//! `docs/load.md` says what it shows. Percentiles are computed here, so that the page holds numbers to
//! draw and no histograms; `assets/` holds what draws them, in SVG.

mod curves;
mod document;
mod gauges;
mod render;
mod series;

pub use render::page;
