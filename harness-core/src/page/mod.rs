//! One HTML file that shows something and needs nothing else: [`Page`].
//!
//! What every such page has stands in `assets/`: the frame, how it looks (`look.css`), and what scripts
//! make elements and words with (`elements.js`).

mod embed;
#[expect(
    clippy::module_inception,
    reason = "the page itself, beside what makes its data safe"
)]
mod page;

pub use page::Page;
