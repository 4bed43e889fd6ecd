using System.Buffers.Binary;
using System.Net.Sockets;

namespace ConfSync.Transport;

/// <summary>A key that the agent holds.</summary>
/// <param name="Key">The public key or certificate, in SSH's encoding.</param>
internal sealed record AgentKey(string Type, ReadOnlyMemory<byte> Key);

/// <summary>Asks the user's ssh-agent, see https://datatracker.ietf.org/doc/html/draft-ietf-sshm-ssh-agent. Each call makes
/// a connection of its own, and waits for the answer.</summary>
/// <param name="path">The agent's socket.</param>
internal sealed class SshAgent(string path)
{
    private const byte RequestIdentities = 11;
    private const byte IdentitiesAnswer = 12;
    private const byte SignRequest = 13;
    private const byte SignResponse = 14;
    private const uint RsaSha256 = 2;
    private const uint RsaSha512 = 4;
    private const int LargestAnswer = 256 * 1024;

    // An agent may ask its user.
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    /// <summary>The keys that the agent holds; none where there is no agent.</summary>
    public IReadOnlyList<AgentKey> Keys()
    {
        try
        {
            var answer = Ask([RequestIdentities]);
            if (answer is not [IdentitiesAnswer, ..]) return [];
            var rest = answer.AsSpan(1);
            var count = Number(ref rest);
            List<AgentKey> keys = [];
            for (var i = 0; i < count; i++)
            {
                var key = Text(ref rest).ToArray();
                _ = Text(ref rest);
                if (KnownHosts.TypeOf(key) is { } type) keys.Add(new AgentKey(type, key));
            }
            return keys;
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return [];
        }
    }

    /// <summary>Has the agent sign with a key.</summary>
    /// <param name="algorithm">What the signature is to be, such as <c>rsa-sha2-512</c>.</param>
    /// <returns>The signature in SSH's encoding.</returns>
    /// <exception cref="IOException">The agent does not sign.</exception>
    public byte[] Sign(AgentKey key, byte[] data, string algorithm)
    {
        var flags = algorithm.StartsWith("rsa-sha2-512", StringComparison.Ordinal) ? RsaSha512
            : algorithm.StartsWith("rsa-sha2-256", StringComparison.Ordinal) ? RsaSha256 : 0;
        using var request = new MemoryStream();
        request.WriteByte(SignRequest);
        Write(request, key.Key.Span);
        Write(request, data);
        Span<byte> end = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(end, flags);
        request.Write(end);
        try
        {
            var answer = Ask(request.ToArray());
            if (answer is not [SignResponse, ..]) throw new IOException("agent refused operation");
            var rest = answer.AsSpan(1);
            return Text(ref rest).ToArray();
        }
        catch (SocketException exception)
        {
            throw new IOException(exception.Message, exception);
        }
    }

    private byte[] Ask(byte[] request)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.ReceiveTimeout = socket.SendTimeout = (int)Timeout.TotalMilliseconds;
        socket.Connect(new UnixDomainSocketEndPoint(path));
        using var stream = new NetworkStream(socket);
        Write(stream, request);
        var head = new byte[4];
        stream.ReadExactly(head);
        var length = BinaryPrimitives.ReadUInt32BigEndian(head);
        if (length is 0 or > LargestAnswer) throw new IOException("the agent's answer is too long");
        var answer = new byte[length];
        stream.ReadExactly(answer);
        return answer;
    }

    private static void Write(Stream stream, ReadOnlySpan<byte> text)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, text.Length);
        stream.Write(length);
        stream.Write(text);
    }

    private static uint Number(ref Span<byte> rest)
    {
        if (rest.Length < 4) throw new IOException("the agent's answer is too short");
        var number = BinaryPrimitives.ReadUInt32BigEndian(rest);
        rest = rest[4..];
        return number;
    }

    private static Span<byte> Text(ref Span<byte> rest)
    {
        var length = Number(ref rest);
        if (length > rest.Length) throw new IOException("the agent's answer is too short");
        var text = rest[..(int)length];
        rest = rest[(int)length..];
        return text;
    }
}
