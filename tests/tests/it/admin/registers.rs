//! What a register's card shows.

use std::time::Duration;

use ledger::day::Facts;
use ledger::people::Role;
use ledger::shifts::Opened;
use tests::db::Database;

use super::world::World;

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn every_shift_of_a_register_is_reached_page_by_page() {
    let world = World::open(Database::Sqlite).await;
    let (bed, register) = (&world.bed, &world.flowers.shop.register);
    let lease = bed.ledger.acquire_lease(register, "the test", MINUTE).await.unwrap();
    let lease = lease.unwrap();
    let open = Facts {
        shift_open: Some(true),
        ..Facts::default()
    };
    for day in 1..=70 {
        let at = bed.now().plus(Duration::from_secs(86_400) * day);
        let opened = Opened {
            reference: format!("shift-{day}"),
            provider_id: None,
            operator: None,
            opened_at: Some(at),
            first_local: None,
            close_due: at.plus(MINUTE),
        };
        let noted = bed.ledger.note_look(&lease, &open, Some(&opened), at, MINUTE, at).await;
        assert!(noted.unwrap());
    }
    let all = bed.ledger.recent_shifts(register, 100).await.unwrap();
    assert_eq!(all.len(), 71);
    let links: Vec<String> = all
        .iter()
        .map(|shift| format!("/registers/{register}/shifts/{}\"", shift.id))
        .collect();
    let mut person = world.visitor(Role::Accountant, world.flowers.reach()).await;
    let mut path = Some(format!("/registers/{register}"));
    let (mut seen, mut pages) = (Vec::new(), 0);
    while let Some(here) = path {
        let shown = person.get(&here).await;
        let body = &shown.is(200).body;
        let place = |link: &String| Some((body.find(link.as_str())?, link.clone()));
        let mut found: Vec<(usize, String)> = links.iter().filter_map(place).collect();
        found.sort();
        seen.extend(found.into_iter().map(|(_, link)| link));
        let next = body.split_once(&format!("/registers/{register}?after="));
        path = next.map(|(_, rest)| {
            let (after, _) = rest.split_once('#').unwrap();
            format!("/registers/{register}?after={after}")
        });
        pages += 1;
    }
    assert_eq!((seen, pages), (links, 3), "newest first, each once");
    let shown = person.get(&format!("/registers/{register}?after=made-up")).await;
    shown.is(200).says("There are no older shifts.");
}
