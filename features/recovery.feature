@faults
Feature: A subarray that gets stuck is recovered
  "Given subarray 1 is in obsState ..." tries the shortest way first. When that fails it aborts,
  restarts and tries again with more time.

  Scenario Outline: <command> gets stuck in <stuck> the first time
    Given subarray 1 is in obsState <before>
    And subarray 1 will get stuck in <stuck> the next time it is sent <command>
    When subarray 1 is in obsState <target>
    Then subarray 1 passes through <stuck>, ABORTED, EMPTY, <target> in that order
    And subarray 1 is in obsState <target>

    Examples:
      | before | command         | stuck       | target |
      | EMPTY  | AssignResources | RESOURCING  | IDLE   |
      | IDLE   | Configure       | CONFIGURING | READY  |

  Scenario: AssignResources ends in FAULT the first time
    Given subarray 1 is in obsState EMPTY
    And subarray 1 will get stuck in FAULT the next time it is sent AssignResources
    When subarray 1 is in obsState READY
    Then subarray 1 passes through FAULT, EMPTY, READY in that order

  Scenario: A stuck command can be aborted by hand
    Given subarray 1 is in obsState IDLE
    And subarray 1 will get stuck in CONFIGURING the next time it is sent Configure
    When the command Configure is sent to subarray 1
    Then subarray 1 remains in obsState CONFIGURING for 0.5 seconds
    When the command Abort is sent to subarray 1
    Then subarray 1 is in obsState ABORTED
