//! Starts the worker: it executes the guests of pipelines, and answers questions.

fn main() {
    app::worker::start();
}
