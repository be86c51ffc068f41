Feature: Commands that are not allowed in an obsState are rejected and change nothing

  Scenario Outline: <command> is rejected in <state>
    Given subarray 1 is in obsState <state>
    When the command <command> is sent to subarray 1
    Then the command is rejected
    And subarray 1 remains in obsState <state>

    Examples: in EMPTY
      | state    | command             |
      | EMPTY    | Configure           |
      | EMPTY    | Scan                |
      | EMPTY    | EndScan             |
      | EMPTY    | End                 |
      | EMPTY    | Abort               |
      | EMPTY    | ObsReset            |
      | EMPTY    | Restart             |

    Examples: in IDLE
      | state    | command             |
      | IDLE     | Scan                |
      | IDLE     | EndScan             |
      | IDLE     | ObsReset            |
      | IDLE     | Restart             |

    Examples: in READY
      | state    | command             |
      | READY    | AssignResources     |
      | READY    | ReleaseResources    |
      | READY    | ReleaseAllResources |
      | READY    | EndScan             |
      | READY    | ObsReset            |
      | READY    | Restart             |

    Examples: in SCANNING
      | state    | command             |
      | SCANNING | AssignResources     |
      | SCANNING | ReleaseResources    |
      | SCANNING | ReleaseAllResources |
      | SCANNING | Configure           |
      | SCANNING | Scan                |
      | SCANNING | End                 |
      | SCANNING | ObsReset            |
      | SCANNING | Restart             |

    Examples: in ABORTED
      | state    | command             |
      | ABORTED  | AssignResources     |
      | ABORTED  | ReleaseResources    |
      | ABORTED  | ReleaseAllResources |
      | ABORTED  | Configure           |
      | ABORTED  | Scan                |
      | ABORTED  | EndScan             |
      | ABORTED  | End                 |
      | ABORTED  | Abort               |

  @faults
  Scenario Outline: <command> is rejected in FAULT
    Given subarray 1 is in obsState EMPTY
    And subarray 1 will get stuck in FAULT the next time it is sent AssignResources
    When the command AssignResources is sent to subarray 1
    Then subarray 1 is in obsState FAULT
    When the command <command> is sent to subarray 1
    Then the command is rejected
    And subarray 1 remains in obsState FAULT

    Examples:
      | command         |
      | AssignResources |
      | Configure       |
      | Scan            |
      | Abort           |

  Scenario: A rejected command leaves the subarray usable
    Given subarray 1 is in obsState IDLE
    When the command Scan is sent to subarray 1
    Then the command is rejected
    When the command Configure is sent to subarray 1
    Then subarray 1 passes through CONFIGURING, READY in that order
