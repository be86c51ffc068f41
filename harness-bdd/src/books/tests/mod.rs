//! Which phrase a line is of.

mod devices;
mod reading;

use self::reading::Book;
