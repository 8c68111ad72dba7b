//! The router as a floor sees it: stories of single behaviours, histories of everything at once, and size.

mod histories;
mod naive;
mod places;
mod stage;
mod stories;
mod wrapup;
