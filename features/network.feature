@network
Feature: Whatever the network does, nothing hangs and no verdict is wrong

  A gate stands before each device while these are run. What goes wrong ends with the scenario, or
  after the time that a line says.

  Scenario: An outage that is shorter than the timeouts costs time and nothing else
    Given subarray 1 is in obsState IDLE
    When the network to subarray 1 drops for 1 second
    And the command Configure is sent to subarray 1
    Then subarray 1 passes through CONFIGURING, READY in that order
    And no event of subarray 1 was lost

  Scenario Outline: Over a network that is like <network>
    Given the network is like <network>
    And subarray 1 is in obsState IDLE
    When the command Configure is sent to subarray 1
    Then subarray 1 passes through CONFIGURING, READY in that order
    And no event of subarray 1 was lost

    Examples:
      | network          |
      | site-wan         |
      | loss-5           |
      | congested-switch |

  Scenario: Octets in pieces are the same octets
    Given the replies of subarray 1 arrive in pieces of 64 octets
    And the events of subarray 1 arrive in pieces of 1024 octets
    And subarray 1 is in obsState READY
    When the command Scan is sent to subarray 1
    Then subarray 1 is in obsState SCANNING
    And no event of subarray 1 was lost

  Scenario: Connections that are reset are made anew
    Given subarray 1 is in obsState IDLE
    When all connections to subarray 1 are reset
    Then subarray 1 answers again within 5 seconds
    When the command Configure is sent to subarray 1
    Then subarray 1 is in obsState READY

  Scenario: A server that is down for a while is used again when it is back
    Given subarray 1 is in obsState IDLE
    When the network to subarray 1 refuses all connections
    And the network to subarray 1 is restored
    Then subarray 1 answers again within 10 seconds
    When the command Configure is sent to subarray 1
    Then subarray 1 is in obsState READY
