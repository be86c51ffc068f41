use super::*;

/// A dish that takes two seconds to operate, and refuses if it is asked to with "no".
fn dish(tracer: &Tracer, number: u32) -> (InMemoryDevice, TracedDevice) {
    let name = format!("mid-dish/dish-manager/ska{number:03}");
    let device = InMemoryDevice::new(&name)
        .with_attribute("dishMode", "STANDBY")
        .with_async_command("Operate", move |dish, argument| {
            let refused = DeviceError::refused(dish_name(number), "Operate")
                .with_frame(StackFrame::new("NotAllowed", "the cover is closed"));
            async move {
                tokio::time::sleep(Duration::from_millis(500)).await;
                if argument == Value::from("no") {
                    return Err(refused);
                }
                tokio::spawn(async move {
                    tokio::time::sleep(Duration::from_secs(2)).await;
                    dish.set("dishMode", argument);
                });
                Ok(Value::Void)
            }
        });
    let traced = tracer.device(Arc::new(device.clone()));
    (device, traced)
}

fn dish_name(number: u32) -> String {
    format!("mid-dish/dish-manager/ska{number:03}")
}

fn operate(dish: &TracedDevice, argument: &str) -> CommandAction {
    CommandAction::new(dish, "Operate", argument)
        .precondition(is_in_state([dish], "dishMode", "STANDBY"))
        .postcondition(changes_to([dish], "dishMode", "OPERATE"))
        .early_stop(stops_on([dish], "dishMode", "FAULT"))
}

fn commands(tracer: &Tracer, mark: &Mark) -> usize {
    let entries = tracer.journal().since(mark);
    let sent = |entry: &&crate::Entry| matches!(&*entry.kind, EntryKind::Command { .. });
    entries.iter().filter(sent).count()
}

#[tokio::test(start_paused = true)]
async fn actions_at_the_same_time_take_no_longer_than_one() {
    let tracer = Tracer::default();
    let mark = tracer.mark();
    let dishes = [1, 36, 63].map(|number| dish(&tracer, number).1);
    let began = Instant::now();
    let mut all = Parallel::new(&tracer, "operate all")
        .and_all(dishes.iter().map(|dish| operate(dish, "OPERATE")));
    assert_eq!(
        all.description(),
        "at the same time: Operate on mid-dish/dish-manager/ska001, \
         Operate on mid-dish/dish-manager/ska036, Operate on mid-dish/dish-manager/ska063"
    );
    all.execute(Timeout::seconds(5)).await.unwrap();
    assert_eq!(began.elapsed(), Duration::from_millis(2500));
    // its own step and those of all actions are in the record, each with its end
    let phases: Vec<_> = steps(&tracer, &mark)
        .into_iter()
        .map(|(_, phase)| phase)
        .collect();
    assert_eq!(
        phases[..4],
        [
            Phase::Started,
            Phase::Started,
            Phase::Started,
            Phase::Started
        ]
    );
    assert_eq!(
        phases[4..],
        [
            Phase::Finished,
            Phase::Finished,
            Phase::Finished,
            Phase::Finished
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn one_precondition_that_does_not_hold_keeps_all_from_being_sent() {
    let tracer = Tracer::default();
    let (_, one) = dish(&tracer, 1);
    let (second, two) = dish(&tracer, 2);
    let (third, three) = dish(&tracer, 3);
    second.set("dishMode", "STOW");
    third.set("dishMode", "FAULT");
    let mark = tracer.mark();
    let error = Parallel::new(&tracer, "operate all")
        .and_all([&one, &two, &three].map(|dish| operate(dish, "OPERATE")))
        .execute(Timeout::seconds(5))
        .await
        .unwrap_err();
    assert_eq!(commands(&tracer, &mark), 0);
    assert_eq!(
        error.to_string(),
        "\
operate all: 2 of 3 actions failed; nothing was sent

expected
  MISSING  Operate on mid-dish/dish-manager/ska002
           but: a precondition does not hold; nothing was sent
  MISSING  mid-dish/dish-manager/ska002 dishMode is STANDBY
           but: it is STOW
  MISSING  Operate on mid-dish/dish-manager/ska003
           but: a precondition does not hold; nothing was sent
  MISSING  mid-dish/dish-manager/ska003 dishMode is STANDBY
           but: it is FAULT"
    );
    let kinds: Vec<_> = error.each().collect();
    assert!(
        matches!(
            kinds[..],
            [
                ActionError::Precondition { .. },
                ActionError::Precondition { .. }
            ]
        ),
        "{kinds:?}"
    );
    assert_eq!(error.action(), "operate all");
}

#[tokio::test(start_paused = true)]
async fn all_refusals_are_told_and_what_was_sent_nevertheless() {
    let tracer = Tracer::default();
    let dishes = [1, 2, 3].map(|number| dish(&tracer, number).1);
    let arguments = ["no", "OPERATE", "no"];
    let began = Instant::now();
    let mark = tracer.mark();
    let mut all = Parallel::new(&tracer, "operate all")
        .and_all((dishes.iter().zip(arguments)).map(|(dish, argument)| operate(dish, argument)));
    let error = all.execute(Timeout::seconds(60)).await.unwrap_err();
    // the steps of all have ended, also of the one that was sent in vain
    assert_eq!(steps(&tracer, &mark).len(), 8);
    assert_eq!(began.elapsed(), Duration::from_millis(500));
    assert_eq!(
        error.to_string(),
        "\
operate all: 2 of 3 actions failed

expected
  MISSING  Operate on mid-dish/dish-manager/ska001
           but: mid-dish/dish-manager/ska001 refused Operate: the cover is closed (NotAllowed)
  seen     Operate on mid-dish/dish-manager/ska002
  MISSING  Operate on mid-dish/dish-manager/ska003
           but: mid-dish/dish-manager/ska003 refused Operate: the cover is closed (NotAllowed)"
    );
    let causes = error.each().filter_map(ActionError::cause);
    assert_eq!(causes.filter(|cause| cause.is::<DeviceError>()).count(), 2);
}

#[tokio::test(start_paused = true)]
async fn all_that_is_missing_is_told_and_an_early_stop_ends_only_its_own_action() {
    let tracer = Tracer::default();
    let dishes = [1, 2, 3].map(|number| dish(&tracer, number).1);
    let arguments = ["FAULT", "OPERATE", "STOW"];
    let error = Parallel::new(&tracer, "operate all")
        .and_all((dishes.iter().zip(arguments)).map(|(dish, argument)| operate(dish, argument)))
        .execute(Timeout::seconds(60))
        .await
        .unwrap_err();
    let kinds: Vec<_> = error.each().collect();
    assert!(
        matches!(
            kinds[..],
            [
                ActionError::EarlyStop { .. },
                ActionError::Postcondition { .. }
            ]
        ),
        "{kinds:?}"
    );
    let text = error.to_string();
    for told in [
        "operate all: 2 of 3 actions failed\n",
        "but: stopped early after 2s: mid-dish/dish-manager/ska001 dishMode STANDBY -> FAULT",
        "seen     Operate on mid-dish/dish-manager/ska002\n",
        "MISSING  mid-dish/dish-manager/ska003 dishMode changes to OPERATE",
        "but: last change STANDBY -> STOW",
        "+2.500  dishMode STANDBY -> STOW",
    ] {
        assert!(text.contains(told), "no {told:?} in\n{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_can_not_be_watched_is_told_for_all_before_anything_is_sent() {
    let tracer = Tracer::default();
    let (_, one) = dish(&tracer, 1);
    let (_, two) = dish(&tracer, 2);
    let mark = tracer.mark();
    let wrong = |dish: &TracedDevice| {
        CommandAction::new(dish, "Operate", "OPERATE").postcondition(changes_to(
            [dish],
            "dishMood",
            "OPERATE",
        ))
    };
    let error = Parallel::new(&tracer, "operate all")
        .and(wrong(&one))
        .and(wrong(&two))
        .execute(Timeout::seconds(60))
        .await
        .unwrap_err();
    assert_eq!(commands(&tracer, &mark), 0);
    assert_eq!(error.each().count(), 2);
    assert!(
        error
            .each()
            .all(|it| matches!(it, ActionError::Subscribe { .. }))
    );
    // four steps began and four ended
    assert_eq!(steps(&tracer, &mark).len(), 6);
}

#[tokio::test(start_paused = true)]
async fn parallels_and_sequences_can_be_nested() {
    let tracer = Tracer::default();
    let dishes = [1, 2, 3, 4].map(|number| dish(&tracer, number).1);
    let [one, two, three, four] = &dishes;
    let boxed: Box<dyn Action> = Box::new(operate(three, "OPERATE"));
    let began = Instant::now();
    Sequence::new(&tracer, "two and two")
        .then(
            Parallel::new(&tracer, "the first two")
                .and(operate(one, "OPERATE"))
                .and(Sequence::new(&tracer, "alone").then(operate(two, "OPERATE"))),
        )
        .then(
            Parallel::new(&tracer, "the others")
                .and(Parallel::new(&tracer, "inner").and(boxed))
                .and(operate(four, "OPERATE")),
        )
        .execute(Timeout::seconds(10))
        .await
        .unwrap();
    assert_eq!(began.elapsed(), Duration::from_secs(5));
    Parallel::new(&tracer, "nothing at all")
        .execute(Timeout::zero())
        .await
        .unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_parallel_that_is_given_up_ends_all_its_steps() {
    let tracer = Tracer::default();
    let mark = tracer.mark();
    let dishes = [1, 2].map(|number| dish(&tracer, number).1);
    let mut all =
        Parallel::new(&tracer, "both").and_all(dishes.iter().map(|dish| operate(dish, "OPERATE")));
    let given_up = tokio::time::timeout(Duration::from_secs(1), all.execute(Timeout::seconds(60)));
    assert!(given_up.await.is_err());
    let given_up = Phase::Failed {
        reason: "given up before it ended".to_owned(),
    };
    let ended = steps(&tracer, &mark).into_iter().skip(3);
    let phases: Vec<_> = ended.map(|(_, phase)| phase).collect();
    assert_eq!(phases, [given_up.clone(), given_up.clone(), given_up]);
    // and it can be executed again
    for dish in &dishes {
        dish.write("dishMode", "STANDBY").await.unwrap();
    }
    all.execute(Timeout::seconds(60)).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn steps_of_a_parallel_that_awaits_nothing_end_with_it() {
    let tracer = Tracer::default();
    let dishes = [1, 2].map(|number| dish(&tracer, number).1);
    let [one, two] = &dishes;
    let inner = Parallel::new(&tracer, "inner").and(operate(two, "OPERATE"));
    let all = Parallel::new(&tracer, "outer")
        .and(operate(one, "OPERATE"))
        .and(inner);
    let mut all = all.without_postconditions();
    let mark = tracer.mark();
    all.execute(Timeout::seconds(5)).await.unwrap();
    let steps = steps(&tracer, &mark);
    let ended = steps.iter().filter(|(_, phase)| *phase == Phase::Finished);
    assert_eq!((ended.count(), steps.len()), (4, 8), "{steps:?}");
}

#[tokio::test(start_paused = true)]
async fn a_parallel_within_another_that_fails_ends_its_steps() {
    let tracer = Tracer::default();
    let dishes = [1, 2].map(|number| dish(&tracer, number).1);
    let [one, two] = &dishes;
    let mut all = Parallel::new(&tracer, "outer")
        .and(operate(one, "no"))
        .and(Parallel::new(&tracer, "inner").and(operate(two, "OPERATE")));
    let mark = tracer.mark();
    all.execute(Timeout::seconds(5)).await.unwrap_err();
    assert_eq!(steps(&tracer, &mark).len(), 8);
}

#[tokio::test(start_paused = true)]
async fn the_record_tells_when_and_how_each_of_several_actions_ended() {
    let tracer = Tracer::default();
    let dishes = [1, 2].map(|number| dish(&tracer, number).1);
    let mark = tracer.mark();
    Parallel::new(&tracer, "both")
        .and_all((dishes.iter().zip(["OPERATE", "STOW"])).map(|(dish, to)| operate(dish, to)))
        .execute(Timeout::seconds(60))
        .await
        .unwrap_err();
    let entries = tracer.journal().since(&mark);
    let ended = entries.iter().filter_map(|entry| match &*entry.kind {
        EntryKind::Step { phase, .. } if *phase != Phase::Started => {
            Some((entry.at.as_millis(), *phase == Phase::Finished))
        }
        _ => None,
    });
    // the first one went well, as soon as it was there
    let ended: Vec<_> = ended.collect();
    assert_eq!(ended, [(2_500, true), (60_500, false), (60_500, false)]);
}

#[tokio::test(start_paused = true)]
async fn steps_of_those_that_wait_for_the_others_end_when_all_is_given_up() {
    let tracer = Tracer::default();
    let dishes = [1, 2].map(|number| dish(&tracer, number).1);
    let [one, two] = &dishes;
    let slow = ProcedureAction::new(&tracer, "slow", || async {
        tokio::time::sleep(Duration::from_secs(9)).await;
        Ok::<_, DeviceError>(())
    });
    let mut all = Parallel::new(&tracer, "outer")
        .and(operate(one, "OPERATE"))
        .and(Parallel::new(&tracer, "inner").and(operate(two, "OPERATE")))
        .and(slow);
    let mark = tracer.mark();
    let given_up = tokio::time::timeout(Duration::from_secs(5), all.execute(Timeout::seconds(60)));
    assert!(given_up.await.is_err());
    assert_eq!(steps(&tracer, &mark).len(), 10);
}
