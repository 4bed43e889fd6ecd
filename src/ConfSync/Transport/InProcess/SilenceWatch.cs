using System.Buffers.Binary;
using System.Text;
using Renci.SshNet.Messages.Connection;

namespace ConfSync.Transport;

/// <summary>Notices that nothing comes from a server any more, as ssh does with ServerAliveInterval and
/// ServerAliveCountMax: a link that is dead without notice ends the session after 15 to 20 s. It counts its own seconds and
/// not the clock's, so that a machine that was asleep loses no session.</summary>
/// <param name="ask">Has the server asked whether it is there. Must not wait.</param>
/// <param name="giveUp">Ends the session.</param>
internal sealed class SilenceWatch(Action ask, Action giveUp) : IDisposable
{
    private const int Interval = 5;
    private const int Questions = 3;

    // The last question, too, has some time for its answer.
    private const int Limit = (Interval * Questions) + 3;

    private Timer? timer;
    private int seconds;
    private volatile bool hears;

    /// <summary>A message that the server answers, whatever it knows, see ssh's <c>keepalive@openssh.com</c>.</summary>
    public static GlobalRequestMessage Question()
    {
        var name = Encoding.ASCII.GetBytes("keepalive@openssh.com");
        var body = new byte[1 + 4 + name.Length + 1];
        var message = new GlobalRequestMessage();
        body[0] = message.MessageNumber;
        BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(1), name.Length);
        name.CopyTo(body, 5);
        body[^1] = 1;
        message.Load(body, 1, body.Length - 1);
        return message;
    }

    public void Begin() => timer = new Timer(_ => Tick(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

    /// <summary>Something came from the server.</summary>
    public void Hears() => hears = true;

    public void Dispose() => timer?.Dispose();

    /// <summary>A second has passed.</summary>
    internal void Tick()
    {
        seconds = hears ? 0 : seconds + 1;
        hears = false;
        if (seconds >= Limit) giveUp();
        else if (seconds > 0 && seconds % Interval == 0) ask();
    }
}
