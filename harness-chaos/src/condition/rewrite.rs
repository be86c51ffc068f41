//! Whatever a closure makes of each message.

use std::fmt;
use std::sync::Arc;

use super::Ending;

/// What becomes of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// These octets are passed on; they may be others, more or fewer than came.
    Pass(Vec<u8>),
    /// Nothing is passed on.
    Drop,
    /// These octets are passed on, and then the connection is closed.
    Last(Vec<u8>, Ending),
}

/// What is called with each message of one connection and direction.
pub(crate) type Rewriter = Box<dyn FnMut(Vec<u8>) -> Fate + Send>;

/// Says how long the message is that these octets begin with, if that can be told already.
pub(crate) type Framing = Arc<dyn Fn(&[u8]) -> Option<usize> + Send + Sync>;

/// Whatever a closure makes of each message: for what no other condition does.
///
/// For each connection and direction a closure is made, which may so count and remember. It is given
/// what was read at once; or, when it is told [how messages are told apart](Rewrite::framed_by), one
/// whole message at a time, however they come.
///
/// ```
/// use harness_chaos::{Fate, Rewrite};
///
/// // the third line of every connection gets lost
/// let third = Rewrite::each("lose their third line", || {
///     let mut lines = 0;
///     move |line| {
///         lines += 1;
///         if lines == 3 { Fate::Drop } else { Fate::Pass(line) }
///     }
/// })
/// .framed_by(|octets| octets.iter().position(|octet| *octet == b'\n').map(|end| end + 1));
/// assert_eq!(third.to_string(), "lose their third line");
/// ```
#[derive(Clone)]
pub struct Rewrite {
    words: Arc<str>,
    pub(crate) make: Arc<dyn Fn() -> Rewriter + Send + Sync>,
    pub(crate) framing: Option<Framing>,
}

impl Rewrite {
    /// Does with each chunk what `make` makes. The words are a predicate of "requests" or "replies",
    /// such as "lose their third line".
    pub fn each<F>(
        words: impl Into<Arc<str>>,
        make: impl Fn() -> F + Send + Sync + 'static,
    ) -> Rewrite
    where
        F: FnMut(Vec<u8>) -> Fate + Send + 'static,
    {
        Rewrite {
            words: words.into(),
            make: Arc::new(move || Box::new(make())),
            framing: None,
        }
    }

    /// One whole message at a time. The closure is given octets that begin with a message, and says
    /// how long it is, itself included, as soon as that can be told; what it calls longer than 16 MiB,
    /// or of no length, is passed as it is from there on. What has begun when the stream ends or the
    /// condition does is passed as it is, too.
    #[must_use]
    pub fn framed_by(
        mut self,
        length: impl Fn(&[u8]) -> Option<usize> + Send + Sync + 'static,
    ) -> Rewrite {
        self.framing = Some(Arc::new(length));
        self
    }
}

impl fmt::Display for Rewrite {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.words)
    }
}

impl fmt::Debug for Rewrite {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Rewrite")
            .field("words", &self.words)
            .field("framed", &self.framing.is_some())
            .finish_non_exhaustive()
    }
}
