Feature: What a subarray does is counted and timed

  Scenario: It configures once, in time, and without a fault
    Given subarray 1 is in obsState IDLE
    When I configure subarray 1 for a scan
    Then subarray 1 becomes READY within 10 seconds
    And subarray 1 transitions to CONFIGURING exactly once
    And subarray 1 never goes to FAULT

  Scenario: It is configured again without leaving for IDLE
    Given subarray 1 is in obsState READY
    When I configure subarray 1 for a scan
    Then subarray 1 goes from READY to CONFIGURING
    And subarray 1 is READY within 10 seconds
    And subarray 1 does not transition to IDLE for 0.2 seconds
