//! Dishes: their modes, their pointing, their bands.

mod kind;
mod modes;

pub(crate) use kind::Dish;
pub use modes::{Band, DishMode, PointingState};
