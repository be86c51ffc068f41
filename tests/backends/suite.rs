//! The suite: each of its checks a test.

/// All checks, of the subject that the expression makes anew for each; ignored for a reason, if one
/// is given.
macro_rules! suite {
    (on $subject:expr) => {
        suite!(@all {} $subject);
    };
    (ignored $reason:literal on $subject:expr) => {
        suite!(@all { #[ignore = $reason] } $subject);
    };
    (@all $attribute:tt $subject:expr) => {
        suite!(@each $attribute $subject;
            a_device_is_named_in_lower_case_and_without_its_place
            a_command_answers_with_what_the_device_replied
            a_command_without_an_argument_answers
            names_have_no_case
            an_unknown_command_is_refused
            a_command_that_is_not_allowed_is_refused_in_the_words_of_the_device
            an_argument_of_another_type_is_not_sent
            an_enumerated_attribute_is_read_with_its_word
            a_state_is_read_with_its_word
            a_text_is_read
            lists_of_texts_are_read_whether_they_are_empty_or_not
            a_reading_tells_its_quality_and_when_it_was_taken
            an_unknown_attribute_is_neither_read_nor_written
            an_enumerated_attribute_is_written_by_its_word
            what_is_no_member_of_an_enumeration_is_not_written
            a_subscription_tells_the_value_and_then_its_changes_in_order
            a_subscription_that_was_dropped_tells_nothing
            an_unknown_attribute_is_not_pushed
            a_device_lists_its_commands
            a_device_tells_what_a_command_takes_and_gives
            a_number_gets_the_word_of_the_device
            a_nul_is_refused_and_harms_nothing
            many_calls_at_once_are_all_answered
            a_number_is_written_and_read
            a_text_is_written_and_read
            a_command_with_a_number_answers_with_one
            a_command_that_is_too_slow_is_told_so_and_holds_up_nothing_after_it
            the_stack_of_a_failure_begins_with_the_frame_of_the_device
            a_call_that_is_given_up_harms_no_other
        );
    };
    (@each $attribute:tt $subject:expr; $($check:ident)+) => {
        $( suite!(@one $attribute $subject; $check); )+
    };
    (@one { $($attribute:tt)* } $subject:expr; $check:ident) => {
        #[tokio::test]
        $($attribute)*
        async fn $check() {
            crate::checks::$check(&$subject.await).await;
        }
    };
}
