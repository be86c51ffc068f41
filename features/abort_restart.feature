Feature: Abort and Restart bring a subarray back from wherever it is

  Scenario Outline: Abort from <state>
    Given subarray 1 is in obsState <state>
    When the command Abort is sent to subarray 1
    Then subarray 1 passes through ABORTING, ABORTED in that order
    And subarray 1 is in obsState ABORTED

    Examples: states that last
      | state    |
      | IDLE     |
      | READY    |
      | SCANNING |

  Scenario Outline: Abort while <command> is under way
    Given subarray 1 is in obsState <before>
    When the command <command> is sent to subarray 1
    And the command Abort is sent to subarray 1
    Then subarray 1 passes through ABORTING, ABORTED in that order

    Examples:
      | before | command         |
      | EMPTY  | AssignResources |
      | IDLE   | Configure       |
      | READY  | Configure       |

  Scenario Outline: Restart after an abort from <state>
    Given subarray 1 is in obsState <state>
    And subarray 1 is in obsState ABORTED
    When the command Restart is sent to subarray 1
    Then subarray 1 passes through RESTARTING, EMPTY in that order
    And subarray 1 is in obsState EMPTY

    Examples:
      | state    |
      | IDLE     |
      | READY    |
      | SCANNING |

  Scenario Outline: ObsReset after an abort from <state>
    Given subarray 1 is in obsState <state>
    And subarray 1 is in obsState ABORTED
    When the command ObsReset is sent to subarray 1
    Then subarray 1 passes through RESETTING, IDLE in that order

    Examples:
      | state    |
      | IDLE     |
      | READY    |
      | SCANNING |

  Scenario: Observe again after an abort
    Given subarray 1 is in obsState SCANNING
    When I bring subarray 1 to obsState READY through ABORTED
    Then subarray 1 passes through ABORTED, EMPTY, IDLE, READY in that order
    And subarray 1 is in obsState READY

  @faults
  Scenario: Restart out of FAULT
    Given subarray 1 is in obsState EMPTY
    And subarray 1 will get stuck in FAULT the next time it is sent AssignResources
    When the command AssignResources is sent to subarray 1
    Then subarray 1 is in obsState FAULT
    When the command Restart is sent to subarray 1
    Then subarray 1 passes through RESTARTING, EMPTY in that order
