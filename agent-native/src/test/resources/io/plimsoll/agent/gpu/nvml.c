/*
 * Stands in for libnvidia-ml.so.1 in tests. The file that PLIMSOLL_NVML_SCRIPT or, without it, the file "script" beside the
 * library names is read anew at each call, so that a test can break a GPU while it runs. Lines (an underscore stands for a
 * space in names):
 *   gpu UUID PCI MEMORY_MB NAME       the next GPU
 *   mig GPU UUID SLICES COMPUTE MB    a slice of it, which switches MIG on for it
 *   link GPU LANE PCI                 where a lane of NVLink ends
 *   level GPU GPU CODE                nearest common ancestor
 *   use GPU PERCENT CELSIUS MILLIWATT
 *   event GPU TYPE DATA               told once
 *   ecc GPU COUNT                     uncorrectable errors
 *   lost GPU                          fell off the bus
 *   fail FUNCTION CODE                what a function answers
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GPUS = 16, SLICES = 64, LINES = 512, SUCCESS = 0, INVALID = 2, NOT_SUPPORTED = 3, TIMEOUT = 10, LOST = 15 };

struct gpu
{
    int slice_of;
    char uuid[96];
    char pci[32];
    unsigned long long memory_mb;
    char name[96];
    unsigned slices;
    unsigned compute;
};

struct pci_info
{
    char legacy[16];
    unsigned domain, bus, device, pci_device_id, subsystem_id;
    char bus_id[32];
};

static struct gpu gpus[GPUS];
static struct gpu migs[SLICES];
static int gpu_count, mig_count, line_count, events_told, registered;
static char lines[LINES][256];

static void load(void)
{
    char beside[4096] = "";
    const char *path = getenv("PLIMSOLL_NVML_SCRIPT");
    if (!path)
    {
        Dl_info self;
        if (dladdr((void *)load, &self))
        {
            snprintf(beside, sizeof beside, "%s", self.dli_fname);
            char *slash = strrchr(beside, '/');
            strcpy(slash ? slash + 1 : beside, "script");
        }
        path = beside;
    }
    gpu_count = mig_count = line_count = 0;
    FILE *file = fopen(path, "r");
    while (file && line_count < LINES && fgets(lines[line_count], sizeof lines[0], file))
    {
        char *line = lines[line_count++];
        struct gpu *g = &gpus[gpu_count];
        struct gpu *m = &migs[mig_count];
        if (4 == sscanf(line, "gpu %95s %31s %llu %95s", g->uuid, g->pci, &g->memory_mb, g->name))
        {
            g->slice_of = -1;
            for (char *c = g->name; *c; c++)
            {
                *c = '_' == *c ? ' ' : *c;
            }
            gpu_count++;
        }
        if (5 == sscanf(line, "mig %d %95s %u %u %llu", &m->slice_of, m->uuid, &m->slices, &m->compute, &m->memory_mb))
        {
            mig_count++;
        }
    }
    if (file)
    {
        fclose(file);
    }
}

static int index_of(const struct gpu *g)
{
    return g->slice_of >= 0 ? g->slice_of : (int)(g - gpus);
}

static int told(const char *function)
{
    load();
    int code = SUCCESS;
    char name[96];
    for (int i = 0; i < line_count; i++)
    {
        int one;
        if (2 == sscanf(lines[i], "fail %95s %d", name, &one) && !strcmp(name, function))
        {
            code = one;
        }
    }
    return code;
}

/* What a function that asks a GPU answers before it looks. */
static int asked(const char *function, const struct gpu *g)
{
    const int code = told(function);
    for (int i = 0; i < line_count && SUCCESS == code; i++)
    {
        int lost;
        if (1 == sscanf(lines[i], "lost %d", &lost) && lost == index_of(g))
        {
            return LOST;
        }
    }
    return code;
}

#define ASKED(g) \
    do \
    { \
        const int code = asked(__func__, g); \
        if (code) \
        { \
            return code; \
        } \
    } while (0)

static void fill(struct pci_info *info, const char *pci)
{
    memset(info, 0, sizeof *info);
    unsigned function = 0;
    sscanf(pci, "%x:%x:%x.%x", &info->domain, &info->bus, &info->device, &function);
    snprintf(info->bus_id, sizeof info->bus_id, "%08X:%02X:%02X.%X", info->domain, info->bus, info->device, function);
}

int nvmlInit_v2(void)
{
    return told(__func__);
}

int nvmlShutdown(void)
{
    return SUCCESS;
}

int nvmlDeviceGetCount_v2(unsigned *count)
{
    const int code = told(__func__);
    *count = gpu_count;
    return code;
}

int nvmlDeviceGetHandleByIndex_v2(unsigned index, struct gpu **g)
{
    const int code = told(__func__);
    if (index >= (unsigned)gpu_count)
    {
        return INVALID;
    }
    *g = &gpus[index];
    return code ? code : asked(__func__, *g);
}

int nvmlDeviceGetName(struct gpu *g, char *text, unsigned length)
{
    ASKED(g);
    snprintf(text, length, "%s", g->name);
    return SUCCESS;
}

int nvmlDeviceGetUUID(struct gpu *g, char *text, unsigned length)
{
    ASKED(g);
    snprintf(text, length, "%s", g->uuid);
    return SUCCESS;
}

int nvmlDeviceGetMemoryInfo(struct gpu *g, unsigned long long *total_free_used)
{
    ASKED(g);
    total_free_used[0] = g->memory_mb << 20;
    total_free_used[1] = g->memory_mb << 19;
    total_free_used[2] = g->memory_mb << 19;
    return SUCCESS;
}

int nvmlDeviceGetPciInfo_v3(struct gpu *g, struct pci_info *info)
{
    ASKED(g);
    fill(info, g->pci);
    return SUCCESS;
}

int nvmlDeviceGetNvLinkState(struct gpu *g, unsigned lane, int *active)
{
    ASKED(g);
    *active = 0;
    for (int i = 0; i < line_count; i++)
    {
        unsigned from, number;
        char pci[32];
        *active |= 3 == sscanf(lines[i], "link %u %u %31s", &from, &number, pci) && (int)from == index_of(g) &&
            number == lane;
    }
    return *active ? SUCCESS : lane < 4 ? SUCCESS : NOT_SUPPORTED;
}

int nvmlDeviceGetNvLinkRemotePciInfo_v2(struct gpu *g, unsigned lane, struct pci_info *info)
{
    ASKED(g);
    for (int i = 0; i < line_count; i++)
    {
        unsigned from, number;
        char pci[32];
        if (3 == sscanf(lines[i], "link %u %u %31s", &from, &number, pci) && (int)from == index_of(g) && number == lane)
        {
            fill(info, pci);
            return SUCCESS;
        }
    }
    return NOT_SUPPORTED;
}

int nvmlDeviceGetTopologyCommonAncestor(struct gpu *g, struct gpu *other, unsigned *level)
{
    ASKED(g);
    for (int i = 0; i < line_count; i++)
    {
        int from, to;
        if (3 == sscanf(lines[i], "level %d %d %u", &from, &to, level) &&
            ((from == index_of(g) && to == index_of(other)) || (to == index_of(g) && from == index_of(other))))
        {
            return SUCCESS;
        }
    }
    return NOT_SUPPORTED;
}

int nvmlDeviceGetMigMode(struct gpu *g, unsigned *now, unsigned *pending)
{
    ASKED(g);
    *now = 0;
    for (int i = 0; i < mig_count; i++)
    {
        *now |= migs[i].slice_of == index_of(g);
    }
    *pending = *now;
    return SUCCESS;
}

int nvmlDeviceGetMaxMigDeviceCount(struct gpu *g, unsigned *count)
{
    ASKED(g);
    *count = 7;
    return SUCCESS;
}

int nvmlDeviceGetMigDeviceHandleByIndex(struct gpu *g, unsigned index, struct gpu **mig)
{
    ASKED(g);
    /* As with the real one, the slices that there are need not be the first indexes: here they begin at one. */
    unsigned at = 1;
    for (int i = 0; i < mig_count; i++)
    {
        if (migs[i].slice_of == index_of(g) && at++ == index)
        {
            *mig = &migs[i];
            return SUCCESS;
        }
    }
    return 6;
}

int nvmlDeviceGetAttributes_v2(struct gpu *g, unsigned *attributes)
{
    ASKED(g);
    memset(attributes, 0, 40);
    attributes[6] = g->slices;
    attributes[7] = g->compute;
    memcpy(attributes + 8, &g->memory_mb, sizeof g->memory_mb);
    return SUCCESS;
}

static int usage(struct gpu *g, unsigned *percent, unsigned *celsius, unsigned *milliwatt)
{
    for (int i = 0; i < line_count; i++)
    {
        int of;
        if (4 == sscanf(lines[i], "use %d %u %u %u", &of, percent, celsius, milliwatt) && of == index_of(g))
        {
            return SUCCESS;
        }
    }
    return NOT_SUPPORTED;
}

int nvmlDeviceGetUtilizationRates(struct gpu *g, unsigned *gpu_memory)
{
    unsigned celsius, milliwatt;
    ASKED(g);
    gpu_memory[1] = 1;
    return usage(g, gpu_memory, &celsius, &milliwatt);
}

int nvmlDeviceGetTemperature(struct gpu *g, int sensor, unsigned *celsius)
{
    unsigned percent, milliwatt;
    ASKED(g);
    return sensor ? INVALID : usage(g, &percent, celsius, &milliwatt);
}

int nvmlDeviceGetPowerUsage(struct gpu *g, unsigned *milliwatt)
{
    unsigned percent, celsius;
    ASKED(g);
    return usage(g, &percent, &celsius, milliwatt);
}

int nvmlDeviceGetTotalEccErrors(struct gpu *g, int type, int counter, unsigned long long *count)
{
    ASKED(g);
    if (1 != type || 0 != counter)
    {
        return INVALID;
    }
    *count = 0;
    for (int i = 0; i < line_count; i++)
    {
        int of;
        unsigned long long errors;
        if (2 == sscanf(lines[i], "ecc %d %llu", &of, &errors) && of == index_of(g))
        {
            *count = errors;
        }
    }
    return SUCCESS;
}

int nvmlEventSetCreate(void **set)
{
    *set = &registered;
    registered = 0;
    events_told = 0;
    return told(__func__);
}

int nvmlDeviceRegisterEvents(struct gpu *g, unsigned long long types, void *set)
{
    ASKED(g);
    if (set != &registered || !(types & 8))
    {
        return INVALID;
    }
    registered |= 1 << index_of(g);
    return SUCCESS;
}

int nvmlEventSetWait_v2(void *set, void *data, unsigned timeout_ms)
{
    const int code = told(__func__);
    int seen = 0;
    (void)timeout_ms;
    for (int i = 0; i < line_count && !code && set == &registered; i++)
    {
        int of;
        unsigned long long values[4];
        if (3 == sscanf(lines[i], "event %d %llu %llu", &of, &values[1], &values[2]) && seen++ >= events_told)
        {
            events_told++;
            if (registered & 1 << of)
            {
                struct gpu *g = &gpus[of];
                memcpy(values, &g, sizeof g);
                values[3] = ~0ULL;
                memcpy(data, values, sizeof values);
                return SUCCESS;
            }
        }
    }
    return code ? code : TIMEOUT;
}

int nvmlEventSetFree(void *set)
{
    return set == &registered ? SUCCESS : INVALID;
}
