using System.Text;
using Renci.SshNet.Messages.Connection;

namespace ConfSync.Transport;

/// <summary>Opens a channel for a command, see RFC 4254, section 6.1.</summary>
internal sealed class SessionOpenInfo : ChannelOpenInfo
{
    public override string ChannelType => "session";
}

/// <summary>Runs a command in a channel, see RFC 4254, section 6.5. The server answers.</summary>
internal sealed class ExecInfo : RequestInfo
{
    private readonly byte[] command;

    public ExecInfo(string command)
    {
        this.command = Encoding.UTF8.GetBytes(command);
        WantReply = true;
    }

    public override string RequestName => "exec";

    protected override int BufferCapacity => base.BufferCapacity + 4 + command.Length;

    protected override void SaveData()
    {
        base.SaveData();
        WriteBinary(command, 0, command.Length);
    }
}

/// <summary>Sets an environment variable of the command, see RFC 4254, section 6.4. The server does not answer.</summary>
internal sealed class EnvironmentInfo(string name, string value) : RequestInfo
{
    private readonly byte[] name = Encoding.UTF8.GetBytes(name);
    private readonly byte[] value = Encoding.UTF8.GetBytes(value);

    public override string RequestName => "env";

    protected override int BufferCapacity => base.BufferCapacity + 8 + name.Length + value.Length;

    protected override void SaveData()
    {
        base.SaveData();
        WriteBinary(name, 0, name.Length);
        WriteBinary(value, 0, value.Length);
    }
}
