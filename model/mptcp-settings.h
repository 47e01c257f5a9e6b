/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef MPTCP_SETTINGS_H
#define MPTCP_SETTINGS_H

#include "ns3/type-id.h"

#include <memory>
#include <string>
#include <vector>

struct mpt_conn_settings;

namespace ns3
{

/**
 * @ingroup mptcp
 * The settings of one connection, of a node (what its connections start with) or of a socket.
 *
 * Each setting of the core is one Attribute of ns3::MptcpL4Protocol and of ns3::MptcpSocket, with the default that
 * the core gives it. The Attribute's name follows from the core's: PascalCase, without the words "bytes" and "ns"
 * (lengths are in bytes, times are ns3::Time). `send_buffer_bytes` is SendBuffer, `rto_min_ns` is RtoMin. Where two
 * settings would share a name, the one that is a time ends in Time: `delayed_ack` is DelayedAck, `delayed_ack_ns`
 * DelayedAckTime.
 *
 * What a socket uses, from weak to strong: the core's default; a default set with Config::SetDefault() on
 * ns3::TcpSocket (where it has a counterpart here); the node's Attribute; a default set on ns3::MptcpSocket;
 * an Attribute set on the socket itself before Connect() or Listen().
 */
class MptcpSettings
{
  public:
    MptcpSettings(); //!< the core's defaults
    MptcpSettings(const MptcpSettings& other);
    MptcpSettings& operator=(const MptcpSettings& other);
    ~MptcpSettings();

    /**
     * Take each setting from @p other that differs there from the core's default.
     * @param other the stronger settings
     */
    void Overlay(const MptcpSettings& other);

    mpt_conn_settings& Core();             //!< @return the core's structure
    const mpt_conn_settings& Core() const; //!< @return the core's structure

    /**
     * The setting behind the Attribute DataRetries, which a socket has from ns3::TcpSocket.
     * @param retries the value
     */
    void SetDataRetries(uint32_t retries);
    uint32_t GetDataRetries() const; //!< @return the value of data_retries

    /** Name and default of a setting, read from the core; the default is written as the Attribute prints it. */
    struct Entry
    {
        std::string attribute;    //!< name of the Attribute
        std::string defaultValue; //!< default of the core
    };

    static std::vector<Entry> List(); //!< @return all settings, in the core's order

    /**
     * Add one Attribute a setting, but for those of a name that the parent class has already.
     * @param tid of a class that derives from MptcpConfigurable
     * @return tid
     */
    static TypeId AddAttributes(TypeId tid);

  private:
    std::unique_ptr<mpt_conn_settings> m_core; //!< never null
};

/**
 * @ingroup mptcp
 * What has MptcpSettings as Attributes: the L4 protocol and the socket.
 */
class MptcpConfigurable
{
  public:
    virtual ~MptcpConfigurable() = default;

    MptcpSettings& GetSettings() //!< @return the settings
    {
        return m_settings;
    }

    const MptcpSettings& GetSettings() const //!< @return the settings
    {
        return m_settings;
    }

  protected:
    MptcpSettings m_settings; //!< the settings
};

} // namespace ns3

#endif /* MPTCP_SETTINGS_H */
