use super::*;

fn trouble(kind: &str, code: i64) -> Trouble {
    Trouble::new(ErrorType::from_wire(kind), code, "")
}

#[test]
fn every_row_of_the_services_table_has_its_class() {
    for (kind, code, class) in [
        ("unknown", 0, Class::Unknown),
        ("system", 1, Class::Unknown),
        ("system", 10, Class::Auth),
        ("system", 11, Class::Auth),
        ("system", 12, Class::Misconfigured),
        ("system", 13, Class::Refused),
        ("system", 14, Class::Misconfigured),
        ("system", 20, Class::Misconfigured),
        ("system", 21, Class::Misconfigured),
        ("system", 30, Class::NotFound),
        ("system", 31, Class::Refused),
        ("system", 32, Class::Refused),
        ("system", 33, Class::Accepted),
        ("system", 34, Class::Accepted),
        ("system", 40, Class::Refused),
        ("system", 41, Class::Misconfigured),
        ("system", 50, Class::Unknown),
        ("timeout", 1, Class::Unknown),
        // The driver's codes overlap the service's.
        ("driver", 11, Class::Unknown),
        ("driver", 32, Class::Unknown),
        ("agent", 20, Class::Unknown),
        ("none", 32, Class::Unknown),
        ("system", 99, Class::Unknown),
        ("mystery", 32, Class::Unknown),
    ] {
        assert_eq!(trouble(kind, code).class(), class, "{kind} {code}");
    }
}

#[test]
fn every_group_of_failures_has_its_class() {
    use FailClass::{Data, Doubt, QueueTimeout, RegisterState, Transient};
    let groups: [(&str, &[i64], FailClass); 11] = [
        ("timeout", &[1], QueueTimeout),
        ("driver", &[36, 40, 421], Transient),
        ("agent", &[2003, 2009, 2006, 2007, -2_146_233_033], Data),
        (
            "driver",
            &[
                13, 16, 17, 48, 52, 53, 60, 66, 110, 128, 243, 143, 144, 145, 161, 215, 216, 217, 231, 261, 408, 409,
                412, -3803, -3804,
            ],
            Data,
        ),
        (
            "driver",
            &[
                1, 2, 68, 141, 73, 83, 116, 117, 118, 119, 120, 121, 122, 123, 124, 136, 137, 138, 139, 140, -3822,
            ],
            RegisterState,
        ),
        ("agent", &[2004, 2005, 1], RegisterState),
        ("driver", &[262, 115, 135], Doubt),
        ("system", &[1, 32], Doubt),
        ("unknown", &[0], Doubt),
        ("timeout", &[2], Doubt),
        ("mystery", &[1], Doubt),
    ];
    for (kind, codes, class) in groups {
        for &code in codes {
            assert_eq!(trouble(kind, code).fail_class(), class, "{kind} {code}");
        }
    }
}

#[test]
fn an_error_object_is_read_however_it_is_written() {
    let read = |error: &str| {
        let body = format!(r#"{{"error":{error}}}"#);
        Trouble::read(&wire::read_object(&body).unwrap(), &Mask::default())
    };
    assert_eq!(read("null"), None);
    assert_eq!(read(r#"{"code":0,"text":"","type":"none"}"#), None);
    assert_eq!(read("{}"), None);
    let quoted = read(r#"{"code":"066","text":"not paid","type":"driver","error_id":null}"#).unwrap();
    assert_eq!((quoted.code, quoted.error_id.as_deref()), (66, None));
    assert_eq!(quoted.fail_class(), FailClass::Data);
    let long = read(&format!(
        r#"{{"code":-2146233033,"type":"agent","text":"{}"}}"#,
        "a\\n".repeat(700)
    ))
    .unwrap();
    assert_eq!((long.code, long.text), (-2_146_233_033, "a".repeat(500)));
    assert_eq!(read(r#""broken""#).map(|trouble| trouble.class()), Some(Class::Unknown));
    assert_eq!(read("[]").map(|trouble| trouble.class()), Some(Class::Unknown));
}

#[test]
fn what_is_shown_holds_type_and_code_only() {
    let shown = Trouble::new(ErrorType::System, 32, "buyer@mail.example is wrong").to_string();
    assert_eq!(shown, "system 32");
}
