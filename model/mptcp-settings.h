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
 * ns3::TcpSocketBase or ns3::TcpSocket (where it has a counterpart here); the node's Attribute; a default set on
 * ns3::MptcpSocket; an Attribute set on the socket itself before Connect() or Listen(). What counts is that a value
 * was set, not that it differs from the default.
 */
class MptcpSettings
{
  public:
    MptcpSettings(); //!< the core's defaults
    MptcpSettings(const MptcpSettings& other);
    MptcpSettings& operator=(const MptcpSettings& other);
    ~MptcpSettings();

    /**
     * Take each setting that was set in @p other.
     * @param other the stronger settings
     */
    void Overlay(const MptcpSettings& other);
    /** @param index of a setting in the core's list, which was set */
    void MarkSet(std::size_t index);
    /**
     * @param attribute name of an Attribute
     * @return whether it was set by someone
     */
    bool IsSet(const std::string& attribute) const;
    /**
     * An object has been constructed, which sets each of its Attributes: only those count as set whose default was
     * changed, or that have another value than the default.
     * @param tid its type
     */
    void KeepChanged(TypeId tid);

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
    std::vector<bool> m_isSet;                 //!< by the settings' order
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

    /**
     * @param attribute one of MptcpSettings
     * @return whether it still has an effect; if not, the program was warned
     */
    virtual bool MaySet(const std::string& attribute) const
    {
        return !attribute.empty();
    }

  protected:
    MptcpSettings m_settings; //!< the settings
};

} // namespace ns3

#endif /* MPTCP_SETTINGS_H */
