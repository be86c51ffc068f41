@simulated @subsystems
Feature: The telescope and its devices, in the words of telescope teams
  Run it with `harness run --preset low`. What a line switches or sets is put back after the scenario.

  Scenario: A telescope is started up
    Given a Telescope consisting of TMC, simulated CSP, simulated SDP and simulated MCCS
    And the telescope is in STANDBY or OFF state
    When I start up the telescope
    Then the CSP must go to ON state
    And the sdp, csp and mccs must be on
    And telescope state is ON

  Scenario: The telescope is as well as its devices
    Given the telescope is in ON state
    And telescope is in an OK health state
    When the MCCS controller, SDP controller health state changes to FAILED, OK
    Then the telescope health state is FAILED

  Scenario: Delays come while a subarray is configured
    Given subarray is configured and generating delay values
    When the command End is sent to subarray 1
    Then CSP Subarray Leaf Node stops generating delay values

  Scenario: A device says in its log which transaction a command belongs to
    Given a subarray in the EMPTY obsState
    When the command AssignResources is sent to subarray 1
    Then the log should contain a transaction ID

  Scenario: A part of a subsystem can not be used
    Given subarray 1 is in obsState EMPTY
    When one of the SDP's component subsystem is made unavailable
    And the command AssignResources is sent to subarray 1
    Then the command completes with FAILED
    And subarray 1 remains in obsState RESOURCING

  Scenario: What commands take and give
    Given a CSP subarray
    Then the input type of Configure should be DevString
    And adminMode should be ONLINE
