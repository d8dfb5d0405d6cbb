import os, time
base=os.environ["DATABASE_URL"].rsplit("/",1)[0]
os.environ.update(DATABASE_URL=base+"/bench_50000", ENVIRONMENT="demo", SECRET_KEY="x"*60, DJANGO_SETTINGS_MODULE="portal.settings")
import django; django.setup()
import numpy as np
from catalog.index.reading import catalog_index
from catalog.index.selection import counts
from catalog.selectors.filters import GoodsFilter, query_for
from catalog.models import City
from bench.inside.selection import _counted
i=catalog_index()
c=City.objects.first()
def cpu(f,n=15):
    f(); t=[]
    for _ in range(n):
        a=time.thread_time(); f(); t.append((time.thread_time()-a)*1e3)
    t.sort(); return f"min {t[0]:.2f} p50 {t[n//2]:.2f} max {t[-1]:.2f}"
allp=i.properties_of(i.on_sale)
f=GoodsFilter(city=c)
print("all whole", cpu(lambda:_counted(i,f,allp)))
q=query_for(i,f); r=q.result
vals=i.values_of(allp)
print("query", cpu(lambda:query_for(i,f).result))
print("values_of", cpu(lambda:i.values_of(allp)))
print("counts only", cpu(lambda:[counts(v,r) for v in vals.values()]))
print("brands", cpu(lambda:counts(i.brands,r)), "properties_of", cpu(lambda:i.properties_of(r)))
flat=[b for v in vals.values() for b in v.values()]
print(len(flat), "bare loop", cpu(lambda:[b.intersection_cardinality(r) for b in flat]))
from pyroaring import BitMap
# optimised bitmaps
for b in flat: pass
print("sizes", sum(len(b) for b in flat))
flat2=[BitMap(b) for b in flat]
for b in flat2: b.run_optimize(); b.shrink_to_fit()
r2=BitMap(r); r2.run_optimize()
print("optimised", cpu(lambda:[b.intersection_cardinality(r2) for b in flat2]))
print(r.get_statistics())
# CSR
ords=np.concatenate([np.array(b.to_array() if hasattr(b,'to_array') else list(b),dtype=np.uint32) for b in flat])
ids=np.repeat(np.arange(len(flat),dtype=np.int32),[len(b) for b in flat])
def csr():
    m=np.zeros(i.size,bool); m[np.array(r.to_array())]=True
    return np.bincount(ids[m[ords]],minlength=len(flat))
assert csr().tolist()==[b.intersection_cardinality(r) for b in flat]
print("csr by value", cpu(csr), ords.nbytes+ids.nbytes)
o=np.argsort(ords,kind="stable"); so=ords[o]; si=ids[o]
starts=np.searchsorted(so,np.arange(i.size+1))
def csr_rows():
    g=np.array(r.to_array()); a=starts[g]; n=starts[g+1]-a
    idx=np.repeat(a-np.concatenate([[0],np.cumsum(n)[:-1]]),n)+np.arange(n.sum())
    return np.bincount(si[idx],minlength=len(flat))
print("csr by goods", cpu(csr_rows))
f2=GoodsFilter(city=c,section_id=1); r=query_for(i,f2).result
p1=i.properties_of(r)
print("top", len(r), len(p1), cpu(lambda:_counted(i,f2,p1)), "csr by goods", cpu(csr_rows))
def bysum():
    m=np.zeros(i.size,bool); m[np.array(r.to_array())]=True
    return np.add.reduceat(m[ords],vs)
vs=np.concatenate([[0],np.cumsum([len(b) for b in flat])[:-1]])
print("reduceat", cpu(bysum))
