//! The router as a floor sees it: stories of single behaviours, histories of everything at once, and size.

mod histories;
mod places;
mod stage;
mod stories;
mod wrapup;
