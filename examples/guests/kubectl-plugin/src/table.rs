//! Tables as kubectl prints them, in colours when asked. A cell's text cannot leave its cell: control characters are
//! shown, not sent to the terminal.

/// A colour of the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Colour {
    Red,
    Green,
    Yellow,
    Blue,
    Magenta,
    Cyan,
    Grey,
}

impl Colour {
    /// Sets a text in this colour.
    #[must_use]
    pub fn paint(self, text: &str) -> String {
        let code = match self {
            Self::Red => 31,
            Self::Green => 32,
            Self::Yellow => 33,
            Self::Blue => 34,
            Self::Magenta => 35,
            Self::Cyan => 36,
            Self::Grey => 90,
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}

/// A text, with the colour that it has when there are colours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    text: String,
    colour: Option<Colour>,
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self { text: text.into(), colour: None }
    }
}

impl Cell {
    /// A text in a colour.
    pub fn new(text: impl Into<String>, colour: Colour) -> Self {
        Self { text: text.into(), colour: Some(colour) }
    }

    /// The text as a terminal may have it.
    #[must_use]
    pub fn print(&self, color: bool) -> String {
        let text = self.shown();
        match self.colour {
            Some(colour) if color => colour.paint(&text),
            _ => text,
        }
    }

    fn shown(&self) -> String {
        let show = |c: char| if c.is_control() { c.escape_debug().to_string() } else { c.to_string() };
        self.text.chars().map(show).collect()
    }
}

/// A table: a row of headings, and the rows below.
#[derive(Clone, Debug)]
pub struct Table(Vec<Vec<Cell>>);

impl Table {
    /// A table of headings.
    #[must_use]
    pub fn new(headings: &[&str]) -> Self {
        Self(vec![headings.iter().map(|heading| Cell::from(*heading)).collect()])
    }

    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.0.push(cells.into_iter().collect());
    }

    /// The lines, each column as wide as its widest cell.
    #[must_use]
    pub fn print(&self, color: bool) -> String {
        let width_of = |cell: &Cell| cell.shown().chars().count();
        let columns = self.0.iter().map(Vec::len).max().unwrap_or_default();
        let width =
            |column| self.0.iter().filter_map(|row| row.get(column)).map(width_of).max().unwrap_or_default();
        let widths: Vec<usize> = (0..columns).map(width).collect();
        let mut lines = String::new();
        for row in &self.0 {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(&widths) {
                line.push_str(&cell.print(color));
                line.push_str(&" ".repeat(width - width_of(cell) + 3));
            }
            lines.push_str(line.trim_end());
            lines.push('\n');
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_align_with_colours_and_without() {
        let mut table = Table::new(&["IMAGE", "COUNT"]);
        table.row([Cell::new("web:1", Colour::Green), "10".into()]);
        table.row(["a-long-name".into(), "2".into()]);
        assert_eq!(table.print(false), "IMAGE         COUNT\nweb:1         10\na-long-name   2\n");
        let coloured = table.print(true);
        assert_eq!(coloured, "IMAGE         COUNT\n\u{1b}[32mweb:1\u{1b}[0m         10\na-long-name   2\n");
    }

    #[test]
    fn a_cell_sends_nothing_to_the_terminal() {
        assert_eq!(Cell::from("a\u{1b}[2J\n").print(true), "a\\u{1b}[2J\\n");
    }
}
