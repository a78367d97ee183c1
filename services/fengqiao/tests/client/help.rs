//! What can be typed, as people see it.

use super::{fengqiao, text};

#[tokio::test]
async fn help_is_the_accepted_one() {
    let mut all = String::new();
    for args in [
        &[][..],
        &["serve"],
        &["demo"],
        &["import"],
        &["petition"],
        &["petition", "log"],
        &["petition", "list"],
        &["petition", "accept"],
        &["petition", "route"],
        &["petition", "erase"],
        &["case"],
        &["case", "open"],
        &["case", "dispatch"],
        &["case", "take"],
        &["case", "conclude"],
        &["case", "list"],
        &["body"],
        &["body", "register"],
        &["unit"],
        &["unit", "register"],
        &["unit", "silent"],
        &["dispute"],
        &["dispute", "link"],
        &["report"],
        &["report", "annual"],
        &["report", "explain"],
        &["verify"],
        &["contract"],
    ] {
        // -h: one line a flag; the widths do not depend on the terminal of the machine.
        let output = fengqiao("http://127.0.0.1:7310", &[args, &["-h"]].concat()).await;
        assert_eq!(output.status.code(), Some(0), "{args:?}");
        all.push_str(&format!("$ fengqiao {} -h\n{}\n", args.join(" "), text(&output.stdout)));
    }
    fengqiao_testkit::assert_golden("tests/golden/help.txt", &all);
}
