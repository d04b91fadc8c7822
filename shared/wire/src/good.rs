/// One line of a basket as a payment system carried it. Exact: nothing of it was rounded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Good {
    /// What it is called.
    pub name: String,
    /// The shop's own code, when there is one.
    pub code: Option<String>,
    /// Kopecks for one.
    pub price_kopecks: u64,
    /// How many, in thousandths.
    pub quantity_thousandths: u64,
    /// Kopecks for all of the line.
    pub total_kopecks: u64,
}

/// A basket as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Goods {
    /// None, or one whose goods have no names.
    Absent,
    /// At least one line.
    Lines(Vec<Good>),
    /// One came and is not understood; the text says where.
    Broken(String),
}
