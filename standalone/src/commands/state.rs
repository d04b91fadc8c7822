//! `kasyr state [REGISTER]`: registers as the ledger knows them; nobody is asked.

use ledger::settings::Register;

use super::exit::Exit;
use super::facts::Known;
use super::hand;
use super::report::Report;
use crate::config::Base;

pub(super) async fn state(base: &Base, register: Option<&str>) -> anyhow::Result<Exit> {
    let ledger = base.open().await?;
    let registers: Vec<Register> = match register {
        None => ledger.registers(None).await?,
        Some(name) => match hand::find(&ledger, name).await? {
            Some(register) => vec![register],
            None => return Ok(Exit::Failed),
        },
    };
    if registers.is_empty() {
        println!("No register is set up. Write kasyr.toml and run: kasyr apply kasyr.toml");
    }
    let mut report = Report::default();
    for register in &registers {
        let id = register.id.as_str();
        report.about(&format!("Register {id} ({})", register.fiscal_number), id);
        for line in Known::of(&ledger, register).await?.lines(ledger.now()) {
            report.tell(line);
        }
    }
    Ok(Exit::Done)
}
