//! Everything native: what the command line and the window share. It draws nothing.

pub mod cli;
pub mod cluster;
pub mod directories;
mod failure;
pub mod files;
pub mod interrupt;
pub mod load;
pub mod machines;
pub mod modules;
pub mod plugins;
pub mod runner;
pub mod serve;

pub use failure::Failure;
