@simulated
Feature: Transitions of a simulated subarray take the time, and the end, that a line gives them
  What a line says holds until the end of the scenario.

  Scenario: A subarray takes its time to configure
    Given subarray 1 is in obsState IDLE
    And subarray 1 takes 0.5 seconds to configure
    When the command Configure is sent to subarray 1
    Then subarray 1 remains in obsState CONFIGURING for 0.3 seconds
    And subarray 1 transitions to obsState READY

  Scenario: A transition waits until it is released
    Given subarray 1 is in obsState EMPTY
    And the AssignResources of subarray 1 is held
    When the command AssignResources is sent to subarray 1
    Then subarray 1 remains in obsState RESOURCING
    When the AssignResources of subarray 1 is released
    Then subarray 1 transitions to obsState IDLE
