@XTP-1
Feature: What a page has to tell
  The second scenario fails on purpose.

  Scenario: An observation
    Given subarray 1 is in obsState IDLE
    When the command Configure is sent to subarray 1
    Then subarray 1 transitions to obsState READY
    When the command Scan is sent to subarray 1
    Then subarray 1 is in obsState SCANNING

  Scenario: A subsystem gets stuck and nobody helps
    Given subarray 1 is in obsState IDLE
    And the next Configure on CSP fails with "no beams left"
    When the command Configure is sent to subarray 1
    Then subarray 1 transitions to obsState READY
    And subarray 1 remains in obsState READY
