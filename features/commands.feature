@simulated @subsystems
Feature: Commands as engineers write them, and what comes of them
  Run it with `harness run --preset low`.

  Scenario: An observation from beginning to end
    Given subarray 1 is in obsState EMPTY
    When I allocate resources to TMC SubarrayNode 1
    Then the TMC, CSP, SDP and MCCS subarrays transition to IDLE obsState
    And the requested resources are assigned
    And the TMC receives longRunningCommandResult event OK from subsystems CSP and SDP
    When I configure it for a scan
    Then the TMC subarray changes to READY
    When I issue the Scan command with scan id 5 to the TMC subarray
    Then the TMC and CSP subarrays transition to SCANNING obsState
    When I end the scan
    Then the subarray goes to READY
    When I end the observation
    And I release all resources allocated to it
    Then the subarray transitions to EMPTY obsState

  Scenario Outline: <command> is refused in <state>, and does no harm
    Given subarray 1 is in obsState <state>
    When the command <command> is sent to that subarray
    Then TMC must refuse the <command> with ResultCode.Rejected
    And the subarray remains in <state> obsState
    And TMC performs the <other> command successfully

    Examples:
      | state | command         | other            |
      | EMPTY | Scan            | AssignResources  |
      | IDLE  | EndScan         | ReleaseResources |
      | READY | AssignResources | Scan             |
      | READY | Restart         | Abort            |

  Scenario Outline: <command> with <input> is refused
    Given subarray 1 is in obsState <state>
    When the command <command> is sent with <input> input
    Then the command is rejected
    And TMC successfully performs <command> on the subarray with a valid json

    Examples:
      | state | command         | input           |
      | EMPTY | AssignResources | missing_csp_key |
      | IDLE  | Configure       | empty_string    |
      | READY | Scan            | scan_id_missing |

  Scenario: What was asked of the central node is told to have been aborted
    Given the central node is busy allocating resources
    When I abort the subarray
    Then the central node gets a longRunningCommandResult event with message `has been aborted`

  Scenario: A subsystem's refusal is told to the client
    Given the TMC and SDP subarrays are in IDLE obsState
    When TMC sends a second AssignResources command with the same eb_id
    Then the SDP subarray raises an error and stays in IDLE
    And the error is reported to the central node

  Scenario: A defective subsystem fails the command
    Given subarray 1 is in obsState IDLE
    When the Configure command is sent to a broken MCCS subarray
    Then the failure is returned by the subarray with a meaningful message

  Scenario: Others go on when one subsystem fails
    Given subarray 1 is in obsState SCANNING
    When I send the EndScan command and one subsystem goes into FAULT
    Then the command is completed by all other subsystems

  Scenario: A subsystem is told what concerns it
    Given subarray 1 is in obsState EMPTY
    When I issue the AssignResources command to the TMC subarray with only pst beams
    Then the TMC subarray sends AssignResources to CSP with json including pst_beam_ids
    And the command is queued and completed within 6 s

  Scenario: A subsystem's subarray is sent commands of its own
    Given the SDP subarray is in IDLE obsState
    When I configure it for a scan
    Then the SDP subarray transitions to READY obsState
    When I call Restart
    Then the device throws tango.DevFailed
