//! `Objects` and `TransactionsRegistrarState`.

use super::{Desk, Register, Reply, State, World, enter, need_fsko, need_fsko_for_state, to_the_second};
use crate::cashalot::auth;
use crate::cashalot::wire::{self, Answer, Command, Envelope, Refusal, parse};
use crate::cashalot::world::OperatorId;

/// One unit per owner and address, with the registers the caller may use.
pub(super) fn objects(state: &State, body: &str) -> Result<Reply, Refusal> {
    let wire::Objects {} = parse(body)?;
    let envelope: Envelope = parse(body)?;
    let caller = auth::caller(&state.world, &envelope, None)?;
    need_fsko(&state.world)?;
    let mut units: Vec<Vec<&Register>> = Vec::new();
    for register in state
        .registers
        .values()
        .filter(|register| register.operators.contains(&caller))
    {
        let same_unit =
            |unit: &&mut Vec<&Register>| unit.first().is_some_and(|first| unit_key(first) == unit_key(register));
        match units.iter_mut().find(same_unit) {
            Some(unit) => unit.push(register),
            None => units.push(vec![register]),
        }
    }
    let units: Vec<_> = units
        .iter()
        .map(|unit| tax_object(&state.world, unit, caller))
        .collect();
    Ok(Answer::new().with_list("TaxObjects", &units).ok().into())
}

fn unit_key(register: &Register) -> (&str, &str, &str) {
    (&register.setup.tin, &register.setup.unit, &register.setup.address)
}

fn tax_object(world: &World, registers: &[&Register], caller: OperatorId) -> Answer {
    let list: Vec<_> = registers
        .iter()
        .map(|register| {
            Answer::new()
                .with("NumFiscal", register.setup.num_fiscal)
                .with("NumLocal", register.setup.num_local)
                .with("Name", &register.setup.name)
                .with("Closed", false)
        })
        .collect();
    let Some(setup) = registers.first().map(|register| &register.setup) else {
        return Answer::new();
    };
    let entity = 1 + setup.num_fiscal % 100_000;
    Answer::new()
        .with("Entity", entity)
        .with("TaxObjGuid", format!("A{entity}"))
        .with("TaxObjId", entity)
        .with("SingleTax", setup.single_tax)
        .with("Name", &setup.unit)
        .with("Address", &setup.address)
        .with("Tin", &setup.tin)
        .with("Ipn", &setup.ipn)
        .with("OrgName", &setup.organisation)
        .with(
            "ChiefCashier",
            world.person(caller).is_some_and(|operator| operator.chief),
        )
        .with_list("TransactionsRegistrars", &list)
}

/// Answered from local state, also while the tax service is down, unless told otherwise (sheet §11.6).
pub(super) fn state(state: &mut State, body: &str) -> Result<Reply, Refusal> {
    let request: wire::State = parse(body)?;
    let Desk {
        world,
        register,
        caller,
    } = enter(state, Command::TransactionsRegistrarState, request.num_fiscal, body)?;
    need_fsko_for_state(world)?;
    let answer = match &register.desync {
        Some(desync) => desync.stale_state.clone(),
        None => state_answer(world, register, caller),
    };
    let tax_object = (request.include_tax_object == Some(true)).then(|| tax_object(world, &[register], caller));
    Ok(answer.with_object("TaxObject", tax_object.as_ref()).ok().into())
}

/// The state of a register without its tax object and error fields.
pub(in crate::cashalot) fn state_answer(world: &World, register: &Register, caller: OperatorId) -> Answer {
    let shift = register.open_shift();
    let opener = shift.and_then(|shift| world.person(shift.opened_by));
    let chief = world.person(caller).is_some_and(|operator| operator.chief);
    // The tax service tells offline numbers only to the one who opened the shift and to a senior cashier.
    let may_see = chief || shift.is_none_or(|shift| shift.opened_by == caller);
    let session = register
        .session
        .as_ref()
        .filter(|_| may_see && register.setup.offline_supported);
    let last = shift.and_then(|shift| {
        let live = shift
            .documents
            .iter()
            .rev()
            .filter_map(|position| register.documents.get(*position));
        live.into_iter().find(|document| !document.revoked)
    });
    Answer::new()
        .with("ShiftState", u8::from(shift.is_some()))
        .with("ShiftId", shift.map_or(0, |shift| shift.id))
        .with("OpenShiftFiscalNum", shift.map(|shift| &shift.open_num))
        .with("ZRepPresent", shift.is_some_and(|shift| shift.z_num.is_some()))
        .with("Testing", shift.is_some_and(|shift| shift.testing))
        .with("Name", opener.map(|opener| &opener.name))
        .with("SubjectKeyId", opener.map(|opener| &opener.key_id))
        .with("FirstLocalNum", shift.map_or(0, |shift| shift.first_local))
        .with("NextLocalNum", register.next_local)
        .with("LastFiscalNum", last.map(|document| &document.num_fiscal))
        .with("OfflineSupported", register.setup.offline_supported)
        .with("ChiefCashier", chief)
        .with("OfflineSessionId", session.map(|session| session.id))
        .with("OfflineSeed", session.map(|session| session.seed))
        .with("OfflineNextLocalNum", session.map(|session| session.next_n))
        .with("OfflineSessionDuration", session.map(|session| session.minutes()))
        .with(
            "OfflineSessionsMonthlyDuration",
            session.map(|_| register.monthly_minutes),
        )
        .with("Closed", false)
        .with("OfflineDocumentsPresent", !register.undelivered.is_empty())
        .with(
            "OfflineDocumentsAutoRegState",
            register.package_refused().then_some("PackageRefused"),
        )
        .with("LicenseExpiration", register.licence_expires.map(to_the_second))
}
