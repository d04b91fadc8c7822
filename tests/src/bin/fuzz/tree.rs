//! JSON that may be wrong: keys twice, numbers of any length.

use serde_json::Value;

/// A value; a number or a word is kept as it is written.
#[derive(Clone)]
pub enum Tree {
    Bare(String),
    Text(String),
    List(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

impl Tree {
    /// `None` if it is not JSON that can be taken apart.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice::<Value>(bytes).ok().map(Self::of)
    }

    fn of(value: Value) -> Self {
        match value {
            Value::String(text) => Self::Text(text),
            Value::Array(items) => Self::List(items.into_iter().map(Self::of).collect()),
            Value::Object(fields) => Self::Object(
                fields
                    .into_iter()
                    .map(|(name, value)| (name, Self::of(value)))
                    .collect(),
            ),
            bare @ (Value::Null | Value::Bool(_) | Value::Number(_)) => Self::Bare(bare.to_string()),
        }
    }

    pub fn write(&self, out: &mut String) {
        match self {
            Self::Bare(text) => out.push_str(text),
            Self::Text(text) => out.push_str(&Value::from(text.as_str()).to_string()),
            Self::List(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    item.write(out);
                }
                out.push(']');
            }
            Self::Object(fields) => {
                out.push('{');
                for (index, (name, value)) in fields.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    out.push_str(&Value::from(name.as_str()).to_string());
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }

    pub fn text(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    /// How many values there are, itself included.
    pub fn size(&self) -> usize {
        1 + match self {
            Self::Bare(_) | Self::Text(_) => 0,
            Self::List(items) => items.iter().map(Self::size).sum(),
            Self::Object(fields) => fields.iter().map(|(_, value)| value.size()).sum(),
        }
    }

    /// The value with this number, in the order in which they are written.
    pub fn at(&mut self, number: usize) -> &mut Self {
        if number == 0 {
            return self;
        }
        let children: Vec<&mut Self> = match self {
            Self::Bare(_) | Self::Text(_) => Vec::new(),
            Self::List(items) => items.iter_mut().collect(),
            Self::Object(fields) => fields.iter_mut().map(|(_, value)| value).collect(),
        };
        let mut left = number - 1;
        for child in children {
            let size = child.size();
            if left < size {
                return child.at(left);
            }
            left -= size;
        }
        unreachable!("a number below the size has its value")
    }
}
