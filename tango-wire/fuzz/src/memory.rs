//! Counts memory, and holds decoders to it.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// Octets that may be taken for each octet that came.
///
/// The dearest things to read are empty strings and lists: 4 octets come and 24 are needed, and as
/// many again while a list is moved to a larger place.
pub const FACTOR: usize = 16;
/// Octets that may be taken whatever came: read buffers, mostly.
pub const BASE: usize = 256 << 10;

/// The system's allocator, with a count of what is in use and what the most was.
struct Counting;

static NOW: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

fn taken(size: usize) {
    let now = NOW.fetch_add(size, Relaxed) + size;
    MOST.fetch_max(now, Relaxed);
}

// SAFETY: every call goes on to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        taken(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        taken(layout.size());
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // as if both places were in use for a moment, which they are when it must be moved
        taken(size);
        NOW.fetch_sub(layout.size(), Relaxed);
        unsafe { System.realloc(place, layout, size) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Runs `what` and says how much memory was in use at most, on top of what was before.
/// Only one thread may do so at a time.
pub fn most<T>(what: impl FnOnce() -> T) -> (T, usize) {
    let before = NOW.load(Relaxed);
    MOST.store(before, Relaxed);
    let outcome = what();
    (outcome, MOST.load(Relaxed).saturating_sub(before))
}

/// Runs `what`, which was sent that many octets and may take [`BASE`] and [`FACTOR`] times as many.
///
/// # Panics
/// It takes more.
pub fn bounded<T>(octets: usize, what: impl FnOnce() -> T) -> T {
    let (outcome, most) = most(what);
    let limit = BASE + FACTOR * octets;
    assert!(
        most <= limit,
        "{octets} octets made us take {most}, the limit is {limit}"
    );
    outcome
}
