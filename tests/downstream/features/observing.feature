Feature: Observing as this observatory does

  Scenario: The deep field, for a short time
    Given the observer is "Ada"
    And the deep field is integrated for 0.3 seconds
    And TMC subarray 1 is in obsState IDLE
    When I observe for 0.3 seconds
    Then the scan is over
    And the TMC subarray passes through CONFIGURING, READY, SCANNING and READY in that order
    And the log of "Ada" has 1 observation

  Scenario: An observation that is given up
    Given the observer is "Grace"
    And the TMC subarray is in obsState SCANNING
    When the night assistant gives up
    Then the TMC, CSP and SDP subarrays transition to ABORTED obsState
    And the log of "Grace" has 0 observations
