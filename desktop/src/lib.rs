//! Everything native: what the command line and the window share. It draws nothing.

pub mod cli;
pub mod cluster;
mod failure;
pub mod files;
pub mod load;
pub mod machines;
pub mod runner;

pub use failure::Failure;
