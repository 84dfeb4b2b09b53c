//! Starts the worker: the only program of the page that executes guests.

fn main() {
    app::worker::start();
}
