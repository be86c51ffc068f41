//! How people write about delay models.

use crate::phrase::Phrase;

const ATTRIBUTES: &[&str] = super::ATTRIBUTES;

/// A subarray for which delays are computed.
pub(super) const GENERATING: Phrase =
    Phrase::new("a subarray is brought to READY, and delay models are seen to come")
        .with_patterns(&[
            "[<who>] [(is|are)] configured and [(is|are)] (generating|starts generating|start generating|started generating|generates) \
             delay (values|value|model|models|polynomials) [for <pst:word> (beam|beams)]",
        ])
        .with_examples(&["the subarray is configured and generates delay models for PST beams"])
        .watching(ATTRIBUTES);

/// Delays begin to come.
pub(super) const STARTS: Phrase =
    Phrase::new("a leaf node of the CSP begins to give new delay models since the last When")
        .with_patterns(&[
            "<who> [(should|must|shall|will)] (start|starts|begin|begins|started) [to] \
             (generate|generating|publish|publishing|compute|computing|calculate|calculating|produce|producing|push|pushing) \
             delay (values|value|model|models|polynomials) [for <pst:word> (beam|beams)]",
            "<who> (is|are|keeps|keep|continues) (generating|publishing|computing|calculating|producing|pushing) \
             delay (values|value|model|models|polynomials) [for <pst:word> (beam|beams)]",
            "<who> (generates|publishes|computes|calculates|produces|pushes) \
             delay (values|value|model|models|polynomials) [for <pst:word> (beam|beams)]",
        ])
        .with_examples(&["the CSP subarray leaf node begins to publish delay models for PST beams"])
        .watching(ATTRIBUTES);

/// Delays come no more.
pub(super) const STOPS: Phrase =
    Phrase::new("a leaf node of the CSP gives no new delay models any more after the last When")
        .with_patterns(&[
            "<who> [(should|must|shall|will)] (stop|stops|cease|ceases|stopped) [to] \
             (generate|generating|publish|publishing|compute|computing|calculate|calculating|produce|producing|push|pushing) \
             delay (values|value|model|models|polynomials) [for <pst:word> (beam|beams)]",
        ])
        .with_examples(&["the CSP subarray leaf node ceases to publish delay models"])
        .watching(ATTRIBUTES);
