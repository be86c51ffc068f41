@simulated @subsystems
Feature: Commands as engineers write them, and what comes of them
  Run it with `harness run --preset low`.

  Scenario: An observation from beginning to end
    Given the TMC subarray is in EMPTY obsState
    When I assign resources to TMC SubarrayNode 1
    Then the TMC, CSP, SDP and MCCS subarrays transition to IDLE obsState
    And the requested resources are assigned
    And the TMC receives longRunningCommandResult event OK from subsystems CSP and SDP
    When I configure it for a scan
    Then the TMC subarray transitions to READY obsState
    When I issue the Scan command with scan id 5 to the TMC subarray
    Then the TMC and CSP subarrays transition to SCANNING obsState
    When I end the scan
    Then the subarray goes to READY
    When I end the observation
    And I release all resources assigned to it
    Then the subarray transitions to EMPTY obsState

  Scenario Outline: <command> is refused in <state>, and does no harm
    Given the subarray is in <state> obsState
    When the command <command> is invoked on that subarray
    Then TMC should reject the <command> with ResultCode.Rejected
    And the subarray remains in <state> obsState
    And TMC executes the <other> command successfully

    Examples:
      | state | command         | other            |
      | EMPTY | Scan            | AssignResources  |
      | IDLE  | EndScan         | ReleaseResources |
      | READY | AssignResources | Scan             |
      | READY | Restart         | Abort            |

  Scenario Outline: <command> with <input> is refused
    Given the subarray is in <state> obsState
    When the command <command> is invoked with <input> input
    Then the command is rejected
    And TMC successfully executes <command> for the subarray with a valid json

    Examples:
      | state | command         | input           |
      | EMPTY | AssignResources | missing_csp_key |
      | IDLE  | Configure       | empty_string    |
      | READY | Scan            | scan_id_missing |

  Scenario: What was asked of the central node is told to have been aborted
    Given the central node is busy assigning resources
    When I abort the subarray
    Then the central node receives longRunningCommandResult with message `Command has been aborted`

  Scenario: A subsystem's refusal is told to the client
    Given the TMC and SDP subarrays are in IDLE obsState
    When TMC executes another AssignResources command with a duplicate eb_id
    Then the SDP subarray throws an exception and remains in IDLE obsState
    And the error is propagated to the central node

  Scenario: A defective subsystem fails the command
    Given the subarray is in IDLE obsState
    When the Configure command is invoked on a defective MCCS subarray
    Then the failure is reported by the subarray with an appropriate error message

  Scenario: Others go on when one subsystem fails
    Given the subarray is in SCANNING obsState
    When I invoke the EndScan command and a subsystem goes to FAULT
    Then the command is executed successfully on other subsystems

  Scenario: A subsystem is told what concerns it
    Given the subarray is in EMPTY obsState
    When I invoke the AssignResources command on the TMC subarray with only pst resources
    Then the TMC subarray invokes AssignResources on CSP with json containing pst_beam_ids
    And the command is queued and executed in less than 5 s

  Scenario: A subsystem's subarray is sent commands of its own
    Given the SDP subarray is in IDLE obsState
    When I configure it for a scan
    Then the SDP subarray transitions to READY obsState
    When I call Restart
    Then the device should raise tango.DevFailed
