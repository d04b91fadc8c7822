//! This crate knows how the ledger's schema came to be. Migrations only go forward and always suit
//! the version that is still running: expand, move, contract.

use sea_orm_migration::prelude::*;

mod m20261121_000001_ledger;
mod m20261122_000001_compression;
mod m20261122_000002_day;
mod m20261122_000003_vault;
mod m20261122_000004_people;
mod m20261122_000005_search;
mod m20261123_000006_settings;
mod m20261123_000007_deliveries;
mod m20261124_000008_sources;
mod m20261124_000009_splits;
mod m20261124_000010_gateway_receipts;
mod m20261124_000011_refunds;
mod m20261124_000012_reconciliation;
mod m20261125_000013_providers;
mod m20261125_000014_notices;

/// All migrations, oldest first.
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261121_000001_ledger::Migration),
            Box::new(m20261122_000001_compression::Migration),
            Box::new(m20261122_000002_day::Migration),
            Box::new(m20261122_000003_vault::Migration),
            Box::new(m20261122_000004_people::Migration),
            Box::new(m20261122_000005_search::Migration),
            Box::new(m20261123_000006_settings::Migration),
            Box::new(m20261123_000007_deliveries::Migration),
            Box::new(m20261124_000008_sources::Migration),
            Box::new(m20261124_000009_splits::Migration),
            Box::new(m20261124_000010_gateway_receipts::Migration),
            Box::new(m20261124_000011_refunds::Migration),
            Box::new(m20261124_000012_reconciliation::Migration),
            Box::new(m20261125_000013_providers::Migration),
            Box::new(m20261125_000014_notices::Migration),
        ]
    }
}
