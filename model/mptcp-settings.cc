/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/**
 * @file
 * @ingroup mptcp
 * Attributes made from the core's list of settings: for each type of setting the ns-3 value, checker and accessor.
 */

#include "mptcp-settings.h"

#include "core/mpt.h"
#include "mptcp-log.h"
#include "mptcp-policies.h"

#include "ns3/abort.h"
#include "ns3/boolean.h"
#include "ns3/nstime.h"
#include "ns3/object-base.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cctype>
#include <cstring>

namespace ns3
{

namespace
{

/** Positions in the core's list of settings. */
enum SettingIndex : std::size_t
{
#define MPT_X(type, name, def, lo, hi, help) INDEX_##name,
    MPT_CONN_SETTINGS(MPT_X)
#undef MPT_X
    SETTINGS
};

mpt_conn_settings
GetCoreDefaults()
{
    mpt_settings settings;
    mpt_settings_default(&settings);
    return settings.conn;
}

/** Make the Attribute's name of a core setting's; see MptcpSettings. */
std::string
MakeAttributeName(const std::string& setting)
{
    if (setting == "delayed_ack_ns")
    {
        return "DelayedAckTime";
    }
    std::string name;
    for (std::size_t begin = 0; begin < setting.size();)
    {
        const std::size_t end = std::min(setting.find('_', begin), setting.size());
        std::string word = setting.substr(begin, end - begin);
        if (word != "bytes" && word != "ns")
        {
            word[0] = static_cast<char>(std::toupper(word[0]));
            name += word;
        }
        begin = end + 1;
    }
    return name;
}

/** @param index of a setting that is a name @return what it names */
MptcpPolicies::Kind
GetKind(std::size_t index)
{
    return index == INDEX_scheduler      ? MptcpPolicies::SCHEDULER
           : index == INDEX_path_manager ? MptcpPolicies::PATH_MANAGER
                                         : MptcpPolicies::CONGESTION_CONTROL;
}

/** The ns-3 value that stands for a core setting, and the way between the two; one specialisation a type. */
template <typename T>
struct SettingType;

template <>
struct SettingType<mpt_setting_BOOL>
{
    using Value = BooleanValue;

    static void Set(bool& to, const Value& value, std::size_t)
    {
        to = value.Get();
    }

    static Value Get(const bool& from, std::size_t)
    {
        return Value(from);
    }

    static Ptr<const AttributeChecker> MakeChecker(int64_t, int64_t)
    {
        return MakeBooleanChecker();
    }
};

template <>
struct SettingType<mpt_setting_U32>
{
    using Value = UintegerValue;

    static void Set(uint32_t& to, const Value& value, std::size_t)
    {
        to = static_cast<uint32_t>(value.Get());
    }

    static Value Get(const uint32_t& from, std::size_t)
    {
        return Value(from);
    }

    static Ptr<const AttributeChecker> MakeChecker(int64_t least, int64_t greatest)
    {
        return MakeUintegerChecker<uint32_t>(static_cast<uint32_t>(least), static_cast<uint32_t>(greatest));
    }
};

template <>
struct SettingType<mpt_setting_TIME>
{
    using Value = TimeValue;

    static void Set(mpt_time& to, const Value& value, std::size_t)
    {
        to = value.Get().GetNanoSeconds();
    }

    static Value Get(const mpt_time& from, std::size_t)
    {
        return Value(NanoSeconds(from));
    }

    static Ptr<const AttributeChecker> MakeChecker(int64_t least, int64_t greatest)
    {
        return MakeTimeChecker(NanoSeconds(least), NanoSeconds(greatest));
    }
};

template <>
struct SettingType<mpt_setting_NAME>
{
    using Value = StringValue;

    static void Set(mpt_setting_NAME& to, const Value& value, std::size_t index)
    {
        const std::string own = MptcpPolicies::Resolve(GetKind(index), value.Get());
        std::memset(to, 0, sizeof to);
        (own.empty() ? value.Get() : own).copy(to, sizeof to - 1);
    }

    static Value Get(const mpt_setting_NAME& from, std::size_t index)
    {
        return Value(MptcpPolicies::GetText(GetKind(index), from));
    }
};

/** Known by this: an Attribute that is a setting, not one of the same name that ns-3 has. */
class SettingAttribute : public AttributeAccessor
{
  public:
    /** @param index in the core's list of settings */
    explicit SettingAttribute(std::size_t index)
        : m_index(index)
    {
    }

    std::size_t GetIndex() const //!< @return index in the core's list of settings
    {
        return m_index;
    }

  private:
    std::size_t m_index; //!< in the core's list
};

/** An Attribute's way to one core setting of a MptcpConfigurable. */
template <typename T>
class SettingAccessor : public SettingAttribute
{
  public:
    using Value = typename SettingType<T>::Value;

    SettingAccessor(const std::string& attribute, std::size_t index, T mpt_conn_settings::*member)
        : SettingAttribute(index),
          m_attribute(attribute),
          m_member(member)
    {
    }

    bool Set(ObjectBase* object, const AttributeValue& value) const override
    {
        auto configurable = dynamic_cast<MptcpConfigurable*>(object);
        auto typed = dynamic_cast<const Value*>(&value);
        if (!configurable || !typed)
        {
            return false;
        }
        if (configurable->MaySet(m_attribute))
        {
            SettingType<T>::Set(configurable->GetSettings().Core().*m_member, *typed, GetIndex());
            configurable->GetSettings().MarkSet(GetIndex());
        }
        return true;
    }

    bool Get(const ObjectBase* object, AttributeValue& value) const override
    {
        auto configurable = dynamic_cast<const MptcpConfigurable*>(object);
        auto typed = dynamic_cast<Value*>(&value);
        if (!configurable || !typed)
        {
            return false;
        }
        *typed = SettingType<T>::Get(configurable->GetSettings().Core().*m_member, GetIndex());
        return true;
    }

    bool HasGetter() const override
    {
        return true;
    }

    bool HasSetter() const override
    {
        return true;
    }

  private:
    std::string m_attribute;        //!< name of the Attribute
    T mpt_conn_settings::*m_member; //!< the setting
};

/** Accepts the names that the core knows, and those of a program's own policies. */
class NameChecker : public AttributeChecker
{
  public:
    NameChecker(mpt_setting_NAME mpt_conn_settings::*member, std::size_t index, const char* help)
        : m_member(member),
          m_index(index),
          m_help(help)
    {
    }

    bool Check(const AttributeValue& value) const override
    {
        auto typed = dynamic_cast<const StringValue*>(&value);
        if (typed && !MptcpPolicies::Resolve(GetKind(m_index), typed->Get()).empty())
        {
            return true;
        }
        if (!typed)
        {
            return false;
        }
        mpt_conn_settings settings = GetCoreDefaults();
        SettingType<mpt_setting_NAME>::Set(settings.*m_member, *typed, m_index);
        const bool isKnown = typed->Get().size() < MPT_NAME_BYTES && mpt_conn_settings_check(&settings) == nullptr;
        TypeId other; // of which Resolve() said why it will not do
        if (!isKnown && !TypeId::LookupByNameFailSafe(typed->Get(), &other))
        {
            MptcpWarning::Tell("there is no \"" + typed->Get() + "\" (" + m_help +
                               ")"); // ns-3 names the Attribute alone
        }
        return isKnown;
    }

    std::string GetValueTypeName() const override
    {
        return "ns3::StringValue";
    }

    bool HasUnderlyingTypeInformation() const override
    {
        return true;
    }

    std::string GetUnderlyingTypeInformation() const override
    {
        return "std::string";
    }

    Ptr<AttributeValue> Create() const override
    {
        return ns3::Create<StringValue>();
    }

    bool Copy(const AttributeValue& source, AttributeValue& destination) const override
    {
        auto from = dynamic_cast<const StringValue*>(&source);
        auto to = dynamic_cast<StringValue*>(&destination);
        if (!from || !to)
        {
            return false;
        }
        *to = *from;
        return true;
    }

  private:
    mpt_setting_NAME mpt_conn_settings::*m_member; //!< the setting
    std::size_t m_index;                           //!< in the core's list
    std::string m_help;                            //!< lists the names
};

template <typename T>
Ptr<const AttributeChecker>
MakeSettingChecker(T mpt_conn_settings::*, std::size_t, const char*, int64_t least, int64_t greatest)
{
    return SettingType<T>::MakeChecker(least, greatest);
}

Ptr<const AttributeChecker>
MakeSettingChecker(mpt_setting_NAME mpt_conn_settings::*member, std::size_t index, const char* help, int64_t, int64_t)
{
    return Create<NameChecker>(member, index, help);
}

template <typename T>
void
AddAttribute(TypeId& tid,
             std::size_t index,
             const char* name,
             const char* help,
             T mpt_conn_settings::*member,
             int64_t least,
             int64_t greatest)
{
    TypeId::AttributeInformation inherited;
    if (tid.GetParent().LookupAttributeByName(MakeAttributeName(name), &inherited))
    {
        return;
    }
    const mpt_conn_settings defaults = GetCoreDefaults();
    tid = tid.AddAttribute(MakeAttributeName(name),
                           help,
                           SettingType<T>::Get(defaults.*member, index),
                           Create<SettingAccessor<T>>(MakeAttributeName(name), index, member),
                           MakeSettingChecker(member, index, help, least, greatest));
}

/** @return whether two values of a setting are the same */
template <typename T>
bool
IsEqual(const T& a, const T& b)
{
    return a == b;
}

bool
IsEqual(const mpt_setting_NAME& a, const mpt_setting_NAME& b)
{
    return std::strcmp(a, b) == 0;
}

} // namespace

MptcpSettings::MptcpSettings()
    : m_core(std::make_unique<mpt_conn_settings>(GetCoreDefaults())),
      m_isSet(SETTINGS)
{
}

MptcpSettings::MptcpSettings(const MptcpSettings& other)
    : m_core(std::make_unique<mpt_conn_settings>(*other.m_core)),
      m_isSet(other.m_isSet)
{
}

MptcpSettings&
MptcpSettings::operator=(const MptcpSettings& other)
{
    *m_core = *other.m_core;
    m_isSet = other.m_isSet;
    return *this;
}

MptcpSettings::~MptcpSettings() = default;

mpt_conn_settings&
MptcpSettings::Core()
{
    return *m_core;
}

const mpt_conn_settings&
MptcpSettings::Core() const
{
    return *m_core;
}

void
MptcpSettings::Overlay(const MptcpSettings& other)
{
#define MPT_X(type, name, def, lo, hi, help)                                                                           \
    if (other.m_isSet[INDEX_##name])                                                                                   \
    {                                                                                                                  \
        std::memcpy(&m_core->name, &other.m_core->name, sizeof m_core->name);                                          \
        m_isSet[INDEX_##name] = true;                                                                                  \
    }
    MPT_CONN_SETTINGS(MPT_X)
#undef MPT_X
}

void
MptcpSettings::MarkSet(std::size_t index)
{
    m_isSet.at(index) = true;
}

bool
MptcpSettings::IsSet(const std::string& attribute) const
{
#define MPT_X(type, name, def, lo, hi, help)                                                                           \
    if (attribute == MakeAttributeName(#name))                                                                         \
    {                                                                                                                  \
        return m_isSet[INDEX_##name];                                                                                  \
    }
    MPT_CONN_SETTINGS(MPT_X)
#undef MPT_X
    NS_ABORT_MSG("no setting has the Attribute " << attribute);
}

void
MptcpSettings::KeepChanged(TypeId tid)
{
    const mpt_conn_settings defaults = GetCoreDefaults();
#define MPT_X(type, name, def, lo, hi, help) m_isSet[INDEX_##name] = !IsEqual(m_core->name, defaults.name);
    MPT_CONN_SETTINGS(MPT_X)
#undef MPT_X
    for (std::size_t i = 0; i < tid.GetAttributeN(); i++)
    {
        const TypeId::AttributeInformation info = tid.GetAttribute(i);
        auto setting = dynamic_cast<const SettingAttribute*>(PeekPointer(info.accessor));
        if (setting && info.initialValue != info.originalInitialValue)
        {
            MarkSet(setting->GetIndex());
        }
    }
}

void
MptcpSettings::SetDataRetries(uint32_t retries)
{
    m_core->data_retries = retries;
    MarkSet(INDEX_data_retries);
}

uint32_t
MptcpSettings::GetDataRetries() const
{
    return m_core->data_retries;
}

std::vector<MptcpSettings::Entry>
MptcpSettings::List()
{
    const mpt_conn_settings defaults = GetCoreDefaults();
    std::vector<Entry> entries;
#define MPT_X(type, name, def, lo, hi, help)                                                                           \
    entries.push_back({MakeAttributeName(#name),                                                                       \
                       SettingType<mpt_setting_##type>::Get(defaults.name, INDEX_##name).SerializeToString(nullptr)});
    MPT_CONN_SETTINGS(MPT_X)
#undef MPT_X
    return entries;
}

TypeId
MptcpSettings::AddAttributes(TypeId tid)
{
#define MPT_X(type, name, def, lo, hi, help)                                                                           \
    AddAttribute(tid, INDEX_##name, #name, help, &mpt_conn_settings::name, lo, hi);
    MPT_CONN_SETTINGS(MPT_X)
#undef MPT_X
    return tid;
}

} // namespace ns3
