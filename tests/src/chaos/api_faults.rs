//! What the registers' APIs do to requests: the kinds and how often, alike at all providers.

use std::time::Duration;

use sandbox::{atol, cashalot, cashdesk};

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// Beyond the worker's patience of 1.5 s.
const HANG: Duration = ms(1_900);
/// The same, and it is done all the same.
const TOO_SLOW: Duration = ms(1_800);
const SLOW: Duration = ms(600);
const SLOW_ANSWER: Duration = ms(500);
/// Shorter than what the worker waits before it believes that nothing came of a request.
const LATE: [Duration; 2] = [ms(300), ms(1_500)];

/// Drawn at random, at Cashälot.
pub fn cashalot_plan(seed: u64) -> cashalot::ChaosPlan {
    cashalot::ChaosPlan {
        seed,
        rates: cashalot(),
        ..cashalot::ChaosPlan::default()
    }
}

/// Drawn at random, at CashDesk.
pub fn cashdesk_plan(seed: u64) -> cashdesk::ChaosPlan {
    cashdesk::ChaosPlan {
        seed,
        rates: cashdesk(),
        ..cashdesk::ChaosPlan::default()
    }
}

/// Drawn at random, at ATOL Online.
pub fn atol_plan(seed: u64) -> atol::ChaosPlan {
    atol::ChaosPlan { seed, rates: atol() }
}

/// In thousandths of all requests.
pub fn cashalot() -> Vec<cashalot::ChaosRate> {
    use cashalot::FaultKind as Kind;
    let http = |status, registers| Kind::Http { status, registers };
    let rates = [
        (15, Kind::CloseBefore),
        (10, Kind::RegisterThenClose),
        (5, Kind::RegisterThenHang { close_after: HANG }),
        (3, Kind::Delay { by: TOO_SLOW }),
        (5, Kind::Delay { by: SLOW }),
        (8, Kind::SlowAnswer { by: SLOW_ANSWER }),
        (6, http(500, false)),
        (6, http(502, false)),
        (5, http(500, true)),
        (5, http(502, true)),
        (6, Kind::TruncatedJson),
        (4, Kind::BrokenBody),
        (5, Kind::RegisterThenEmptyBody),
        (4, Kind::LateRegister { after: LATE[0] }),
        (4, Kind::LateRegister { after: LATE[1] }),
        (4, Kind::QrAndUrlNull),
        (3, Kind::RegisteredThenLost),
    ];
    let rate = |(per_mille, fault)| cashalot::ChaosRate { fault, per_mille };
    rates.map(rate).to_vec()
}

/// In thousandths of all requests.
pub fn cashdesk() -> Vec<cashdesk::ChaosRate> {
    use cashdesk::FaultKind as Kind;
    let http = |status, registers| Kind::Http { status, registers };
    let rates = [
        (15, Kind::CloseBefore),
        (10, Kind::RegisterThenClose),
        (5, Kind::RegisterThenHang { close_after: HANG }),
        (3, Kind::Delay { by: TOO_SLOW }),
        (5, Kind::Delay { by: SLOW }),
        (8, Kind::SlowAnswer { by: SLOW_ANSWER }),
        (6, http(500, false)),
        (6, http(502, false)),
        (5, http(500, true)),
        (5, http(502, true)),
        (6, Kind::TruncatedJson),
        (4, Kind::BrokenBody),
        (5, Kind::RegisterThenEmptyBody),
        (4, Kind::HtmlBody),
        (4, Kind::LateRegister { after: LATE[0] }),
        (4, Kind::LateRegister { after: LATE[1] }),
        (5, Kind::ExpireToken),
    ];
    let rate = |(per_mille, fault)| cashdesk::ChaosRate { fault, per_mille };
    rates.map(rate).to_vec()
}

/// In thousandths of all requests; the last ones of documents at registers, of repeated registrations, of callbacks.
pub fn atol() -> Vec<atol::ChaosRate> {
    use atol::FaultKind as Kind;
    let rates = [
        (15, Kind::CloseBefore),
        (10, Kind::StoreThenClose),
        (5, Kind::StoreThenHang { close_after: HANG }),
        (4, Kind::Hang { close_after: HANG }),
        (3, Kind::Delay { by: TOO_SLOW }),
        (5, Kind::Delay { by: SLOW }),
        (8, Kind::SlowAnswer { by: SLOW_ANSWER }),
        (6, Kind::server_error(false)),
        (6, Kind::bad_gateway(false)),
        (5, Kind::server_error(true)),
        (5, Kind::bad_gateway(true)),
        (6, Kind::TruncatedJson),
        (4, Kind::BrokenBody),
        (5, Kind::StoreThenEmptyBody),
        (4, Kind::LateStore { after: LATE[0] }),
        (4, Kind::LateStore { after: LATE[1] }),
        (5, Kind::ExpireTokens),
        (3, Kind::TooManyRequests { retry_after: None }),
        (300, Kind::DuplicateWithoutUuid),
        (
            40,
            // Time went back on the register: nothing is printed, and once more helps.
            Kind::Fails {
                error_type: atol::ErrorType::Driver,
                code: 36,
                prints: false,
            },
        ),
        // It is told before the request is answered.
        (50, Kind::CallbackFirst),
        (50, Kind::NoCallback),
        (
            50,
            Kind::ForgedCallback {
                forgery: atol::Forgery {
                    status: Some(atol::Status::Fail),
                    total: Some(1),
                },
            },
        ),
        (50, Kind::LateCallback { by: LATE[1] }),
        (
            50,
            Kind::RepeatedCallback {
                copies: 3,
                every: LATE[0],
            },
        ),
    ];
    let rate = |(per_mille, kind)| atol::ChaosRate { kind, per_mille };
    rates.map(rate).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_faults_leave_most_requests_alone() {
        let cashalot: u32 = cashalot().iter().map(|rate| rate.per_mille).sum();
        let cashdesk: u32 = cashdesk().iter().map(|rate| rate.per_mille).sum();
        // Those of ATOL Online that any request can meet.
        let requests = atol().into_iter().take_while(|rate| rate.per_mille < 100);
        let atol: u32 = requests.map(|rate| rate.per_mille).sum();
        for together in [cashalot, cashdesk, atol] {
            assert!((80..=150).contains(&together), "{together}");
        }
    }
}
