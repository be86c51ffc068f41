@simulated @subsystems
Feature: What the subsystems of a simulated telescope do shows in the telescope manager's subarray
  Run it with `harness run --preset low`. What a line says holds until the end of the scenario.

  Scenario: The telescope manager waits for the slowest subsystem
    Given subarray 1 is in obsState IDLE
    And the CSP subarray takes 0.6 seconds to configure
    And the SDP subarray takes 0.1 seconds to configure
    When the command Configure is sent to subarray 1
    Then subarray 1 remains in obsState CONFIGURING for 0.4 seconds
    And subarray 1 transitions to obsState READY

  Scenario: A failure of a subsystem is the command's, once
    Given subarray 1 is in obsState EMPTY
    And the next AssignResources on SDP fails with "no receive addresses"
    When the command AssignResources is sent to subarray 1
    Then the command completes with FAILED
    And subarray 1 remains in obsState RESOURCING
    When I bring subarray 1 to obsState IDLE
    Then subarray 1 is in obsState IDLE

  Scenario: A subsystem that gets stuck is recovered
    Given subarray 1 is in obsState IDLE
    And the next Configure on MCCS gets stuck
    When subarray 1 is in obsState READY
    Then subarray 1 passes through CONFIGURING, ABORTED, EMPTY and READY in that order

  Scenario: A subsystem goes on when it is released
    Given subarray 1 is in obsState IDLE
    And the CSP subarray's Configure is held
    When the command Configure is sent to subarray 1
    Then subarray 1 remains in obsState CONFIGURING for 0.5 seconds
    When the CSP subarray's Configure is released
    Then subarray 1 transitions to obsState READY
