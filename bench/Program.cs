using Memory.Bench;
using Memory.Bench.Ablation;
using Memory.Bench.Append;
using Memory.Bench.Context;
using Memory.Bench.Cost;
using Memory.Bench.Exact;
using Memory.Bench.Hygiene;
using Memory.Bench.Import;
using Memory.Bench.Ingest;
using Memory.Bench.Injections;
using Memory.Bench.Locomo;
using Memory.Bench.Precision;
using Memory.Bench.Recall;
using Memory.Bench.Scenarios;
using Memory.Bench.Surface;

const string Usage = """
    usage: bench COMMAND

      locomo DIR [--json FILE] [--parallel N]
          append the conversations of DIR/conversations.jsonl, ask DIR/questions.jsonl
          and print how much of the evidence recall finds
          --json FILE    write the figures to FILE as well
          --parallel N   conversations appended at a time (default 4)

      ablation DIR [--try NAME=VALUE,…] [--json FILE]
          ask the questions of DIR with every signal of the ranking, then with each one off
          --try NAME=VALUE,…   also with these weights of Memory:Ranking; may be repeated
          --json FILE          write the figures to FILE as well

      precision DIR [--misses] [--json FILE]
          store what the scenarios of DIR should leave behind as one person's memory, ask questions of which a third
          has no answer, and print how much of what comes is relevant, and how much of what is relevant comes
          --misses       name what came in vain and what did not come
          --json FILE    write the figures to FILE as well

      cost [--conversation FILE] [--json FILE] [--price ROLE=IN,OUT]
          print what models cost a message, with each provider, scripted: nothing is billed
          --conversation FILE   also over these conversations, in the form of conversations.jsonl
          --json FILE           write the figures to FILE as well
          --price ROLE=IN,OUT   dollars for a million tokens of extract, reconcile or embed

      append [--seconds N] [--unprepared] [--json FILE]
          print how many appends a second there are, and how long one takes, with 1, 16 and 64 clients
          and at 200 a second, with Redis and without
          --seconds N    of each load (default 10)
          --unprepared   statements are planned anew each time, as behind a pooler
          --json FILE    write the figures to FILE as well

      import FILE [--key NAME] [--user ID] [--wait]
          store a history, one message a line: {"user_id", "run_id", "role", "name", "content", "at", "metadata"},
          or LoCoMo's conversations.jsonl; stopped, it goes on where it was when it is started again
          --key NAME     of this import; by default a hash of what is sent. Under another one the same is sent as new
          --user ID      whose memory, of lines that do not say it
          --wait         until everything is distilled

      ingest [--conversation FILE] [--json FILE]
          print how many messages a second become memories, with the builtin rules and with a scripted model
          of 300 ms, and how often that is asked
          --conversation FILE   also over these conversations, in the form of conversations.jsonl
          --json FILE           write the figures to FILE as well

      scenarios DIR --out FILE
          say what each scenario of DIR/scenarios.jsonl says to a private system and write what it remembers
          to FILE, a line a scenario, for DIR/check_scenarios.py

      injections FILE [--json FILE]
          print how many of the cases of FILE, texts slipped into messages, the builtin rules believe;
          exit code 1 where it is any
          --json FILE    write the figures to FILE as well

      exact [--largest N] [--questions N] [--json FILE]
          print how much of what comparing every vector finds each way of searching finds, for people of
          10 to 100000 memories; exit code 1 where it is less than promised
          --largest N      leave out people of more memories (default 100000)
          --questions N    asked of each (default 50)
          --json FILE      write the figures to FILE as well

      recall [--rows N] [--questions N] [--seconds N] [--shared-buffers SIZE] [--json FILE]
          print how long a recall takes among a million memories, by how many are the person's own and how
          the rows lie, and how many searches a second there are over HTTP
          --rows N               memories in all (default 1000000)
          --questions N          asked of people of each size (default 200)
          --seconds N            of searches over HTTP (default 15)
          --shared-buffers SIZE  of the private Postgres (default 1GB)
          --json FILE            write the figures to FILE as well

      surface
          print what the API adds to a recall of the engine, turn by turn with it

      hygiene DIR
          distil DIR/conversations.jsonl with the builtin rules and print how many memories that gives, and
          how many of them say the same twice, or nothing

      context [--json FILE]
          over one conversation of 100 exchanges, print how much of each prompt begins as the one before did,
          how often turns are let go of, how long the memory block is, and how long a context takes
          --json FILE    write the figures to FILE as well

    cost, append, context, ingest, scenarios, injections, exact, recall, surface, ablation, precision and hygiene run by themselves. For locomo and import the running system is found through MEMORY_API_URL (default http://localhost:5100),
    CHAT_AGENT_URL (default http://localhost:5200) and MEMORY_API_KEY (default: the key that ./run keeps).
    """;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

try
{
    return args switch
    {
        ["-h" or "--help", ..] => Help(),
        ["locomo", .. var rest] => await LocomoCommand.RunAsync(LocomoArguments.Parse(rest), BenchSystem.FromEnvironment(), stop.Token),
        ["cost", .. var rest] => await CostCommand.RunAsync(CostArguments.Parse(rest), stop.Token),
        ["append", .. var rest] => await AppendCommand.RunAsync(AppendArguments.Parse(rest), stop.Token),
        ["import", .. var rest] => await ImportCommand.RunAsync(ImportArguments.Parse(rest), BenchSystem.FromEnvironment(), Console.Out, stop.Token),
        ["ingest", .. var rest] => await IngestCommand.RunAsync(IngestArguments.Parse(rest), stop.Token),
        ["scenarios", .. var rest] => await ScenariosCommand.RunAsync(ScenariosArguments.Parse(rest), stop.Token),
        ["injections", .. var rest] => await InjectionsCommand.RunAsync(InjectionsArguments.Parse(rest), stop.Token),
        ["ablation", .. var rest] => await AblationCommand.RunAsync(AblationArguments.Parse(rest), stop.Token),
        ["precision", var directory] => await PrecisionCommand.RunAsync(directory, showMisses: false, null, stop.Token),
        ["precision", var directory, "--misses"] => await PrecisionCommand.RunAsync(directory, showMisses: true, null, stop.Token),
        ["precision", var directory, "--json", var file] => await PrecisionCommand.RunAsync(directory, showMisses: false, file, stop.Token),
        ["precision", ..] => throw new UsageException("precision takes one DIR, then --misses or --json FILE"),
        ["exact", .. var rest] => await ExactCommand.RunAsync(ExactArguments.Parse(rest), stop.Token),
        ["recall", .. var rest] => await RecallCommand.RunAsync(RecallArguments.Parse(rest), stop.Token),
        ["context"] => await ContextCommand.RunAsync(null, stop.Token),
        ["context", "--json", var file] => await ContextCommand.RunAsync(file, stop.Token),
        ["context", ..] => throw new UsageException("context takes --json FILE or nothing"),
        ["surface"] => await SurfaceCommand.RunAsync(stop.Token),
        ["surface", ..] => throw new UsageException("surface takes nothing"),
        ["hygiene", var directory] => await HygieneCommand.RunAsync(directory, stop.Token),
        ["hygiene", ..] => throw new UsageException("hygiene takes one DIR"),
        [] => throw new UsageException("a command is missing"),
        [var unknown, ..] => throw new UsageException($"unknown command '{unknown}'"),
    };
}
catch (UsageException cause)
{
    await Console.Error.WriteLineAsync($"bench: {cause.Message}{Environment.NewLine}{Environment.NewLine}{Usage}");
    return 2;
}
catch (BenchException cause)
{
    await Console.Error.WriteLineAsync($"bench: {cause.Message}");
    return 1;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    await Console.Error.WriteLineAsync("bench: stopped");
    return 130;
}

static int Help()
{
    Console.WriteLine(Usage);
    return 0;
}
