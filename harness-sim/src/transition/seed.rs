//! Random numbers that a seed repeats.

use fastrand::Rng;

/// A generator of its own for one execution, so that executions of other instances do not change
/// its draws, in whatever order they come.
pub(super) fn generator(seed: u64, words: [&str; 3], visit: u64) -> Rng {
    let mut state = seed;
    let mut fold = |piece: u64| state = Rng::with_seed(state ^ piece).u64(..);
    for word in words {
        for byte in word.bytes() {
            fold(u64::from(byte));
        }
        // ends the word: no byte is so large
        fold(0x100);
    }
    fold(visit);
    Rng::with_seed(state)
}
