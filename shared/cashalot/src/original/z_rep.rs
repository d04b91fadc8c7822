//! The XML of a Z-report (sheet §4.9, §4.10): the totals a shift was closed with.

use super::OriginalError;
use super::xml::{self, Element};
use crate::commands::{PayFormTotal, TaxTotal, Totals, TotalsBlock};

/// What a Z-report's XML says. A field is none if the element is missing or empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OriginalZRep {
    /// `ZREPHEAD/ORDERNUM`: the local number.
    pub order_num: Option<String>,
    /// `ZREPHEAD/ORDERTAXNUM`: the fiscal number.
    pub order_tax_num: Option<String>,
    /// The totals, sums exactly as they were written. A block that is missing or says nothing is none: a shift without
    /// returns has no `ZREPRETURN`.
    pub totals: Totals,
}

impl OriginalZRep {
    /// Reads the bytes of [`DocumentAnswer::data`](crate::DocumentAnswer) fetched by
    /// [`GetZRep`](crate::GetZRep) with [`DocumentView::OriginalXml`](crate::DocumentView). Honours the declared
    /// encoding. Elements it does not know are passed over; a sum or a rate it cannot read is an error.
    pub fn parse(bytes: &[u8]) -> Result<Self, OriginalError> {
        let mut reading = Reading::default();
        xml::walk(bytes, "ZREP", |element| reading.take(element))?;
        let Reading {
            mut z_rep,
            sales,
            returns,
        } = reading;
        z_rep.totals.sales = sales.block;
        z_rep.totals.returns = returns.block;
        Ok(z_rep)
    }
}

#[derive(Default)]
struct Reading {
    z_rep: OriginalZRep,
    sales: BlockReading,
    returns: BlockReading,
}

impl Reading {
    fn take(&mut self, element: Element<'_>) -> Result<(), OriginalError> {
        match element.path {
            ["ZREPHEAD", "ORDERNUM"] => self.z_rep.order_num = element.text(),
            ["ZREPHEAD", "ORDERTAXNUM"] => self.z_rep.order_tax_num = element.text(),
            ["ZREPBODY", "SERVICEINPUT"] => self.z_rep.totals.service_input = element.money()?,
            ["ZREPBODY", "SERVICEOUTPUT"] => self.z_rep.totals.service_output = element.money()?,
            ["ZREPREALIZ", below @ ..] => self.sales.take(below, element)?,
            ["ZREPRETURN", below @ ..] => self.returns.take(below, element)?,
            _ => {}
        }
        Ok(())
    }
}

/// Sales or returns, with the row being read of each list. The block is there once it says something.
#[derive(Default)]
struct BlockReading {
    block: Option<TotalsBlock>,
    pay_form: PayFormTotal,
    tax: TaxTotal,
}

impl BlockReading {
    /// A row stands under `ROW` or right in its list; there its first field begins the next one.
    fn take(&mut self, below: &[&str], element: Element<'_>) -> Result<(), OriginalError> {
        match below {
            ["PAYFORMS"] | ["PAYFORMS", "ROW"] => self.end_pay_form(),
            ["TAXES"] | ["TAXES", "ROW"] => self.end_tax(),
            ["PAYFORMS", "ROW", field] => take_pay_form(&mut self.pay_form, field, element)?,
            ["TAXES", "ROW", field] => take_tax(&mut self.tax, field, element)?,
            ["PAYFORMS", field] => {
                if *field == "PAYFORMCD" && self.pay_form.payformcd.is_some() {
                    self.end_pay_form();
                }
                take_pay_form(&mut self.pay_form, field, element)?;
            }
            ["TAXES", field] => {
                if *field == "TYPE" && self.tax.tax_type.is_some() {
                    self.end_tax();
                }
                take_tax(&mut self.tax, field, element)?;
            }
            ["SUM"] => self.say(|block, sum| block.sum = sum, element.money()?),
            ["RNDSUM"] => self.say(|block, sum| block.rndsum = sum, element.money()?),
            ["NORNDSUM"] => self.say(|block, sum| block.norndsum = sum, element.money()?),
            ["ORDERSCNT"] => self.say(|block, count| block.orderscnt = count, element.natural()),
            _ => {}
        }
        Ok(())
    }

    fn say<T>(&mut self, set: impl Fn(&mut TotalsBlock, Option<T>), value: Option<T>) {
        if value.is_some() {
            set(self.block.get_or_insert_default(), value);
        }
    }

    fn end_pay_form(&mut self) {
        let row = std::mem::take(&mut self.pay_form);
        if row != PayFormTotal::default() {
            self.block.get_or_insert_default().payforms.push(row);
        }
    }

    fn end_tax(&mut self) {
        let row = std::mem::take(&mut self.tax);
        if row != TaxTotal::default() {
            self.block.get_or_insert_default().taxes.push(row);
        }
    }
}

fn take_pay_form(row: &mut PayFormTotal, field: &str, element: Element<'_>) -> Result<(), OriginalError> {
    match field {
        "PAYFORMCD" => row.payformcd = element.natural(),
        "PAYFORMNM" => row.payformnm = element.text(),
        "SUM" => row.sum = element.money()?,
        _ => {}
    }
    Ok(())
}

fn take_tax(row: &mut TaxTotal, field: &str, element: Element<'_>) -> Result<(), OriginalError> {
    match field {
        "TYPE" => row.tax_type = element.natural(),
        "NAME" => row.name = element.text(),
        "LETTER" => row.letter = element.text(),
        "PRC" => row.prc = element.percent()?,
        "SIGN" => row.sign = element.flag(),
        "TURNOVER" => row.turnover = element.money()?,
        "TURNOVERDISCOUNT" => row.turnoverdiscount = element.money()?,
        "SOURCESUM" => row.sourcesum = element.money()?,
        "SUM" => row.sum = element.money()?,
        _ => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests;
