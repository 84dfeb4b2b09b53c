//! Starts the page.

fn main() {
    app::view::mount();
}
